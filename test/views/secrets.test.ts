import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMask,
  HARMLESS_PARTS,
  SECRET_NAMES as NAMES_ALONE,
  NO_MASK,
  SECRET_PARTS,
  SECRET_WORDS,
} from '../../src/views/secrets.ts';

const mask = createMask();

const SECRET_NAMES = [
  ...SECRET_PARTS,
  ...SECRET_WORDS,
  ...NAMES_ALONE,
  ...[
    'password',
    'passwd',
    'new_password',
    'csrftoken',
    'access_token',
    'refreshToken',
    'X-Amz-Security-Token',
  ],
  ...['sessionid', 'PHPSESSID', 'JSESSIONID', 'connect.sid', 'sess_id', 'SAMLResponse', 'client_assertion'],
  ...['user[pin]', 'key[]', 'authCode', 'PHP_AUTH_PW', 'passWord'],
  ...['api_key', 'apikey', 'AccessKey', 'private_key', 'client_secret', 'credentials', 'X-Amz-Signature'],
];

const HARMLESS = [
  ...['q', 'page', 'order', 'item', 'sort', 'id', 'user', 'format', 'lang', 'passenger', 'monkey', 'design'],
  ...['country_code', 'zip-code', 'error_code', 'sortKey', 'sort_key', 'keyboard', 'spin', ...HARMLESS_PARTS],
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
      `/login?${name.replace(/[a-z]/, (char) => `%25${char.charCodeAt(0).toString(16)}`)}=hunter2`,
      `/login?data=${encodeURIComponent(JSON.stringify({ a: 1, [name]: 'hunter2', b: 2 }))}&page=3`,
      JSON.stringify({ a: 1, [name]: 'hunter2', b: 2 }),
      JSON.stringify({ a: 1, [name]: ['x', 'hunter2'], b: 2 }),
      JSON.stringify({ a: 1, [name]: { x: 'hunter2' }, b: 2 }),
      JSON.stringify({ a: 1, [name]: 'x"hunter2', b: 2 }),
      JSON.stringify(JSON.stringify({ a: 1, [name]: 'hunter2', b: 2 })),
      `{'a': 1, '${name}': 'hunter2', 'b': 2}`,
      `/login?data=${encodeURIComponent(`{'${name}':'hunter2'}`).replaceAll("'", '%27')}`,
      `/login?data=${encodeURIComponent(JSON.stringify({ [name]: ['hunter2'] }))}`,
      `/login?data=${encodeURIComponent(JSON.stringify({ [name]: 'x"hunter2' }))}`,
      `/login?data=${encodeURIComponent(JSON.stringify(JSON.stringify({ [name]: 'hunter2' })))}`,
    ]) {
      expect(mask.text(uri)).not.toContain('hunter2');
      expect(mask.text(uri)).toContain('***');
    }
  });

  it.each(HARMLESS)('shows the value of %s', (name) => {
    expect(mask.text(`/search?${name}=hunter2&page=3`)).toBe(`/search?${name}=hunter2&page=3`);
  });

  it('does not show a secret whose name has its last word after a capital', () => {
    expect(mask.text('/?licenseKey=hunter2&page=3')).toBe('/?licenseKey=***&page=3');
  });

  it('keeps all the rest as it was', () => {
    expect(mask.text('/a?x=1&token=abc&y=2#z')).toBe('/a?x=1&token=***&y=2#z');
    expect(mask.text('/a?token=&y=2')).toBe('/a?token=&y=2');
    expect(mask.text('/a?token')).toBe('/a?token');
    expect(mask.text('/a?d={"token":"abc","y":2}&z=1')).toBe('/a?d={"token":"***","y":2}&z=1');
  });
});

describe('a command line', () => {
  it.each([
    ['celery --broker-password hunter2 -A shop', 'celery --broker-password *** -A shop'],
    ['redis-cli --pass=hunter2 ping', 'redis-cli --pass=*** ping'],
    ['env DB_PASSWORD=hunter2 run', 'env DB_PASSWORD=*** run'],
    ['curl -H "X-Api-Key: hunter2" localhost', 'curl -H "X-Api-Key: ***" localhost'],
    ['sh -c "x --token hunter2"', 'sh -c "x --token ***"'],
    ['celery -b amqp://ann:hunter2@mq/', 'celery -b amqp://ann:***@mq/'],
    ['redis-cli -u redis://:hunt@er2@db', 'redis-cli -u redis://:***@db'],
    ['x --password "correct horse battery" -v', 'x --password *** -v'],
    ["x --password='correct horse' -v", 'x --password=*** -v'],
    ['x password="hunter 2" y', 'x password=*** y'],
    ['curl -H X-Api-Key:hunter2 localhost', 'curl -H X-Api-Key:***'],
  ])('does not show what %s hides', (command, shown) => {
    expect(mask.text(command)).toBe(shown);
  });

  it('shows addresses, files and options that are none', () => {
    for (const text of [
      '/?q=basic+training',
      '/docs/basic%20tutorial',
      '/srv/my basic application',
      'http://[::1]:1717/a',
      'auth:8000',
      'session-store:6379',
      '--password --force',
      '/run/token.sock',
      '12:30:05',
    ])
      expect(mask.text(text)).toBe(text);
  });
});

describe('what has the shape of a secret', () => {
  const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

  it.each([
    ['a JSON web token in a path', `/reset/${JWT}`, JWT],
    ['a bearer token', 'Bearer abcdef123456', 'abcdef123456'],
    ['a bearer token in a URL', '/x?h=bearer%20abcdef123456', 'abcdef123456'],
    ['an encoded password in a URL', '/go?u=https%3A%2F%2Fann%3Ahunter2%40git.example.com%2Fx', 'hunter2'],
    ['basic credentials', 'Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a password in a URL', 'https://ann:hunter2@git.example.com/x', 'hunter2'],
  ])('is not shown: %s', (_what, text, secret) => {
    expect(mask.text(text)).not.toContain(secret);
    expect(mask.variable('HTTP_X_ANYTHING', text)).not.toContain(secret);
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
    expect(mask.variable(name, 'hunter2')).toBe('***');
    expect(mask.variable(name, '')).toBe('');
  });

  it.each(['REQUEST_METHOD', 'PATH_INFO', 'HTTP_HOST', 'HTTP_USER_AGENT', 'REMOTE_ADDR', 'SERVER_PORT'])(
    '%s is shown',
    (name) => {
      expect(mask.variable(name, 'Mozilla/5.0 (X11; a=b)')).toBe('Mozilla/5.0 (X11; a=b)');
    },
  );

  it('has its query string masked', () => {
    expect(mask.variable('HTTP_REFERER', 'https://a/?token=hunter2')).toBe('https://a/?token=***');
    expect(mask.variable('QUERY_STRING', 'q=1&password=hunter2')).toBe('q=1&password=***');
  });
});

describe('the masks', () => {
  it('stand any text, however long, and never show more than they were given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...SECRET_NAMES), (text, name) => {
        expect(mask.text(text).replaceAll('***', '').length).toBeLessThanOrEqual(text.length);
        expect(mask.text(mask.text(text))).toBe(mask.text(text));
        const value = text.replace(/[&;#\s]/g, '');
        if (value.length > 3) expect(mask.text(`/?${name}=${value}`)).not.toContain(value);
      }),
    );
    const pieces = [
      'eyJ-',
      'eyJa.',
      '%22%3A%22',
      '\\"',
      '://a:',
      'a:b@',
      'a',
      '=',
      'a=',
      'a%3D',
      '%',
      '://',
      'a:',
      'eyJ',
      'Basic ',
      '?a=b&',
      'token=%26',
    ];
    // The longest that uWSGI takes.
    for (const piece of [...pieces, ' ', 'a ', '- ', '--a ', '"', '":', 'a: ', '%22%3A']) {
      const long = piece.repeat(65_535 / piece.length);
      expect(mask.text(long).length).toBeGreaterThan(0);
    }
  });

  it('can be more, by parts of names as they are written', () => {
    const more = createMask(['tenant', 'account-id', 'a.b']);
    expect(more.text('/?my_tenant_no=1&AccountId=2&account_id=3&a.b=4&axb=5&token=6')).toBe(
      '/?my_tenant_no=***&AccountId=***&account_id=***&a.b=***&axb=5&token=***',
    );
    expect(more.variable('HTTP_X_TENANT', '1')).toBe('***');
  });

  it('can be none', () => {
    expect(NO_MASK.text('/?token=abc')).toBe('/?token=abc');
    expect(NO_MASK.variable('HTTP_COOKIE', 'abc')).toBe('abc');
  });
});

describe('a line of a program', () => {
  const mask = createMask();

  it.each([
    ['password = "hunter2"', 'password = "***"'],
    ["os.environ['SECRET_KEY'] = 'abc'", "os.environ['***'] = '***'"],
    ["if token == 'abc123':", "if token == '***':"],
    ['api_key = "sk_live_abc"  # mine', 'api_key = "***"  # mine'],
    ['PASSWORD = check(\'hunter2\', "x")', 'PASSWORD = check(\'***\', "***")'],
    ['token = "a\\"b" + c', 'token = "***" + c'],
  ])('%s keeps its secret', (line, shown) => {
    expect(mask.source(line)).toBe(shown);
  });

  it('without one stays as it is', () => {
    for (const line of ["for row in qs.filter(name='x'):", 'return render("cart.html")', 'time.sleep(14)'])
      expect(mask.source(line)).toBe(line);
    expect(NO_MASK.source('password = "x"')).toBe('password = "x"');
  });

  it('is masked as any text is', () => {
    expect(mask.source("get('/?token=abc')")).not.toContain('abc');
  });
});
