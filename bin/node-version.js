// Ends the process if Node.js is too old. Uses ES5 only, because an old Node.js must be able to parse it.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error('statstop needs Node.js 20 or newer; this is %s', process.versions.node);
  process.exit(1);
}
