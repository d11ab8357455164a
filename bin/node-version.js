// Ends the process where Node.js is too old. ES5 only: a Node.js that is too old must be able to parse it.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error('statstop needs Node.js 20 or newer; this is %s', process.versions.node);
  process.exit(1);
}
