import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addOptions } from '../../src/commands/environment.ts';
import * as groups from '../../src/commands/groups.ts';
import { inherit } from '../../src/commands/inherit.ts';

const known = () =>
  groups.settingOptions(groups.maskOptions(groups.displayOptions(groups.targetOptions(new Command()))));

/** The options of a command line, completed by those of the variable. */
async function optionsOf(text: string, args: readonly string[] = [], command = known()) {
  command.exitOverride().configureOutput({ outputError: () => {} });
  command.parseOptions([...args]);
  await addOptions(text, known(), command);
  return command.opts();
}

describe('STATSTOP_OPTIONS', () => {
  it('is split into words like a line of a shell', async () => {
    const text = ` --sort\trps:asc --filter "status=busy uri~^/a b" --theme 'light'  --long=/a\\ b `;
    expect(await optionsOf(text)).toMatchObject({
      sort: { column: 'rps', descending: false },
      filter: 'status=busy uri~^/a b',
      theme: 'light',
      long: ['/a b'],
    });
  });

  it('expands no variables, commands or patterns', async () => {
    for (const text of ['$HOME', '`id`', '$(id)', '*', '~'])
      expect(await optionsOf(`--filter ${text}`)).toMatchObject({ filter: text });
  });

  it('is overridden by the command line', async () => {
    const text = '--interval 5 --no-config --no-color --timeout 9';
    expect(await optionsOf(text, ['--interval', '2', '--config', 'x.toml'])).toMatchObject({
      interval: 2,
      config: 'x.toml',
      color: false,
      timeout: 9,
    });
    expect(await optionsOf('--frequency 5', ['--interval', '2'])).toMatchObject({ interval: 2 });
    expect(await optionsOf('--interval 5', ['--frequency', '2'])).toMatchObject({ interval: 2 });
  });

  it('provides only the options that the command has', async () => {
    const options = await optionsOf('--theme light --mask tenant', [], groups.secretOptions(new Command()));
    expect(options).toEqual({ mask: ['tenant'] });
  });

  it.each([
    '--show-secrets',
    '--mask a --show-secrets',
    '--raw',
    '--once',
    '--json',
    '--version',
    '--help',
    'check',
    '/run/app.stats',
    '-- /run/app.stats',
    '--serve --address /etc/x',
    '-',
  ])('refuses %j', async (text) => {
    await expect(optionsOf(text)).rejects.toThrow('is not allowed there');
  });

  it.each([
    ['--interval', 'argument missing'],
    ['--interval x', 'from 0.1 to 3600'],
    ['--sort rps:up', 'asc or desc'],
    ['--filter "a b', 'a quotation mark is not closed'],
    ["--filter 'a", 'a quotation mark is not closed'],
    ['--filter a\\', 'a backslash ends the text'],
  ])('with %j is an error', async (text, says) => {
    await expect(optionsOf(text)).rejects.toThrow(says);
  });
});

it('options before the name of a command are options of that command', () => {
  const root = groups.displayOptions(groups.targetOptions(new Command()));
  root.parseOptions(['--timeout', '9', '--interval', '5', '--theme', 'light', '--no-color']);
  const command = groups.targetOptions(new Command());
  command.parseOptions(['--interval', '2']);
  expect(inherit(root, command)).toEqual(['--theme', '--no-color']);
  expect(command.opts()).toMatchObject({ interval: 2, timeout: 9 });
});
