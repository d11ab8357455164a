import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { maskUri, maskVariable } from '../../src/views/secrets.ts';
import { app, appBetween, core, NOW, worker } from '../rates/builders.ts';
import { liveOf, plain } from './samples.ts';

const SECRET_NAMES = [
  ...['password', 'passwd', 'pass', 'pwd', 'new_password', 'passphrase'],
  ...['token', 'csrftoken', 'access_token', 'refreshToken', 'id_token', 'X-Amz-Security-Token'],
  ...['sessionid', 'PHPSESSID', 'JSESSIONID', 'sid', 'connect.sid', 'session'],
  ...[
    'api_key',
    'apikey',
    'api-key',
    'key',
    'client_secret',
    'jwt',
    'xsrf',
    'credentials',
    'private_key',
    'AccessKey',
    'passcode',
    'pin',
    'X-Amz-Signature',
    'sig',
    'code',
    'otp',
    'auth',
  ],
];

const HARMLESS = [
  ...['q', 'page', 'order', 'item', 'sort', 'id', 'user', 'format', 'lang', 'passenger', 'monkey', 'design'],
];

describe('a query string', () => {
  it.each(SECRET_NAMES)('does not show the value of %s', (name) => {
    for (const uri of [
      `/login?${name}=hunter2`,
      `/login?a=1&${name}=hunter2&b=2`,
      `/login?a=1;${name}=hunter2`,
      `/login;${name}=hunter2?a=1`,
      `${name}=hunter2`,
      `https://shop.example.com/?${name.toUpperCase()}=hunter2#top`,
      `/login?next=${encodeURIComponent(`/a?${name}=hunter2`)}`,
      `/login?${name.replace(/[a-z]/, (char) => `%${char.charCodeAt(0).toString(16)}`)}=hunter2`,
    ]) {
      expect(maskUri(uri)).not.toContain('hunter2');
      expect(maskUri(uri)).toContain('***');
    }
  });

  it.each(HARMLESS)('shows the value of %s', (name) => {
    expect(maskUri(`/search?${name}=hunter2&page=3`)).toBe(`/search?${name}=hunter2&page=3`);
  });

  it('keeps all the rest as it was', () => {
    expect(maskUri('/a?x=1&token=abc&y=2#z')).toBe('/a?x=1&token=***&y=2#z');
    expect(maskUri('/a?token=&y=2')).toBe('/a?token=&y=2');
    expect(maskUri('/a?token')).toBe('/a?token');
  });
});

describe('what has the shape of a secret', () => {
  const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

  it.each([
    ['a JSON web token in a path', `/reset/${JWT}`, JWT],
    ['a bearer token', 'Bearer abcdef123456', 'abcdef123456'],
    ['basic credentials', 'Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a password in a URL', 'https://ann:hunter2@git.example.com/x', 'hunter2'],
  ])('is not shown: %s', (_what, text, secret) => {
    expect(maskUri(text)).not.toContain(secret);
    expect(maskVariable('HTTP_X_ANYTHING', text)).not.toContain(secret);
  });
});

describe('a variable', () => {
  it.each([
    'HTTP_COOKIE',
    'HTTP_AUTHORIZATION',
    'HTTP_PROXY_AUTHORIZATION',
    'HTTP_X_API_KEY',
    'HTTP_X_CSRFTOKEN',
    'HTTP_X_AUTH_TOKEN',
    'HTTP_X_AMZ_SECURITY_TOKEN',
    'SSL_SESSION_ID',
  ])('%s is not shown', (name) => {
    expect(maskVariable(name, 'hunter2')).toBe('***');
    expect(maskVariable(name, '')).toBe('');
  });

  it.each(['REQUEST_METHOD', 'PATH_INFO', 'HTTP_HOST', 'HTTP_USER_AGENT', 'REMOTE_ADDR', 'SERVER_PORT'])(
    '%s is shown',
    (name) => {
      expect(maskVariable(name, 'Mozilla/5.0 (X11; a=b)')).toBe('Mozilla/5.0 (X11; a=b)');
    },
  );

  it('has its query string masked', () => {
    expect(maskVariable('HTTP_REFERER', 'https://a/?token=hunter2')).toBe('https://a/?token=***');
    expect(maskVariable('QUERY_STRING', 'q=1&password=hunter2')).toBe('q=1&password=***');
  });
});

describe('the masks', () => {
  it('stand any text, however long, and never show more than they were given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...SECRET_NAMES), (text, name) => {
        expect(maskUri(text).replaceAll('***', '').length).toBeLessThanOrEqual(text.length);
        expect(maskUri(maskUri(text))).toBe(maskUri(text));
        const value = text.replace(/[&;#\s]/g, '');
        if (value.length > 3) expect(maskUri(`/?${name}=${value}`)).not.toContain(value);
      }),
    );
    // The longest that uWSGI takes.
    for (const piece of ['a', '=', 'a=', 'a%3D', '%', '://', 'a:', 'eyJ', 'Basic ', '?a=b&', 'token=%26']) {
      const long = piece.repeat(65_535 / piece.length);
      expect(maskUri(long).length).toBeGreaterThan(0);
    }
  });

  it('are on the screen, unless that is not wanted', () => {
    const vars = [
      'REQUEST_METHOD=GET',
      'REQUEST_URI=/login?password=hunter2',
      'HTTP_COOKIE=sessionid=hunter2',
    ];
    const busy = worker({ status: 'busy', cores: [core({ inRequest: true, requestStart: NOW - 3, vars })] });
    const sample = appBetween(null, app([busy]));
    for (const cores of ['off', 'merged', 'tree'] as const) {
      const shown = (showSecrets: boolean) =>
        plain(screen(liveOf(sample, { view: { cores, showSecrets } }), { columns: 200, rows: 24 }));
      expect(shown(false)).not.toContain('hunter2');
      expect(shown(false)).toContain('/login?password=***');
      expect(shown(true)).toContain('/login?password=hunter2');
    }
  });
});
