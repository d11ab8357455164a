/**
 * What is shown of texts as clients and configurations have them. A text alone is shown as it is; of a pair, the second
 * one is what is shown.
 */
export type Case = string | readonly [given: string, shown: string];

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const HEX = 'c0ffee5a17e4b9d2c0ffee5a17e4b9d2';

/** Values of `REQUEST_URI`. */
export const URLS: readonly Case[] = [
  // Paths of pages, files and APIs.
  ...[
    '/',
    '/products/1795',
    '/wiki/Main_Page',
    '/tags/caf%C3%A9',
    '/a/%E4%B8%AD%E6%96%87',
    '/@ann/status/12',
    '/~ann/',
  ],
  ...[
    '/blog/how-to-deploy-django-with-uwsgi',
    '/2026/11/28/a-day-in-november/',
    '/docs/2.0/ThreadingModel.html',
  ],
  ...[
    '/static/js/app.3f2a91bc.js',
    '/static/css/main.27e20196a850.css',
    '/static/img/318.webp',
    '/favicon.ico',
  ],
  ...[
    '/fonts/Inter-Regular.woff2',
    '/api/v2/orders/10482',
    '/api/v1/users/me',
    '/robots.txt',
    '/.well-known/change',
  ],
  ...['/o/550e8400-e29b-41d4-a716-446655440000', '/o/550e8400-e29b-41d4-a716-446655440000/invoice.pdf'],
  ...[
    '/de-DE/produkte/',
    '/zh-Hans/',
    '/calendar/2026-11-28',
    '/at/2026-11-28T10:00:00Z',
    '/map/52.5200,13.4050',
  ],
  ...[
    '/commit/3f2a91bc',
    '/issues/10',
    '/dp/B07XJ8C8F5',
    '/python3/x86_64/utf8',
    '/admin/auth/user/3/change/',
  ],
  ...[
    '/accounts/login/',
    '/accounts/password/reset/',
    '/reset/done',
    '/session/new',
    '/token/refresh',
    '/oauth/authorize',
  ],
  ...[
    '/Donaudampfschifffahrtsgesellschaft',
    '/internationalization-and-localization',
    '/cart;color=red/items',
  ],
  // Values that are words, numbers or dates.
  ...[
    '/report/2026/all?format=xlsx',
    '?page=2&sort=price',
    '/search?q=shoes&page=2',
    '/search?q=how+to+deploy%20django',
  ],
  ...[
    '/search?q=caf%C3%A9',
    '/a?lang=de_DE&locale=pt-BR',
    '/a?from=2026-11-01&to=2026-11-28',
    '/a?day=28%2F11%2F2026',
  ],
  ...[
    '/a?at=2026-11-28T10:00:00%2B01:00',
    '/a?lat=52.5200&lon=-13.4050',
    '/a?bbox=13.0,52.3,13.7,52.6',
    '/a?ids=1,2,3',
  ],
  ...[
    '/a?_=1795335300123',
    '/a?fields=id,name,price',
    '/a?b[]=3&c[d]=red',
    '/a?utf8',
    '/a?x=&y=1',
    '/a?debug',
    '/a#top',
  ],
  ...[
    '/cart/add?item=318',
    '/api/v2/orders/31?expand=items',
    '/a?size=10x20&ratio=1.5',
    '/a?user=ann&zip-code=10115',
  ],
  ...[
    'https://shop.example.com:8443/cart?item=3',
    '//cdn.example.com/app.js',
    '/a?country_code=de',
    '/a?sort=-price',
  ],

  // Names of secrets.
  ['/a?token=hunter', '/a?token=***'],
  ['/a?x=1&password=hunter&y=2#z', '/a?x=1&password=***&y=2#z'],
  ['/a?auth_tkt=hunter', '/a?auth_tkt=***'],
  ['/pay?cvv=123', '/pay?cvv=***'],
  ['/a?my_key_2=hunter', '/a?my_key_2=***'],
  ['/a?apiKey=hunter&refreshToken=b&licenseKey=c', '/a?apiKey=***&refreshToken=***&licenseKey=***'],
  ['/a?X-Amz-Signature=abc&X-Amz-Credential=def', '/a?X-Amz-Signature=***&X-Amz-Credential=***'],
  ['/cb?code=abc&state=ok', '/cb?code=***&state=ok'],
  ['/a?user[pin]=1234', '/a?user[pin]=***'],
  ['/a?p%61ssword=hunter', '/a?p%61ssword=***'],
  ['/a?p%2561ssword=hunter', '/a?p%2561ssword=***'],
  ['/a?token=', '/a?token='],
  ['/a?SAMLResponse=abc;sid=def', '/a?SAMLResponse=***;sid=***'],

  // Values that are more than words.
  [`/a?x=${HEX}`, '/a?x=***'],
  ['/a?x=p4ssw0rd', '/a?x=***'],
  ['/a?x=S3cr3t!', '/a?x=***'],
  ['/a?x=a=b', '/a?x=***'],
  ['/a?mail=ann%40example.com', '/a?mail=***'],
  ['/a?id=550e8400-e29b-41d4-a716-446655440000', '/a?id=***'],
  ['/a?d=%7B%22a%22%3A%22hunter%22%7D', '/a?d=***'],
  ['/a?d=%257B%2522token%2522%253A%2522hunter%2522%257D', '/a?d=***'],
  ['/a?d={"token":"a&hunter"}', '/a?d=***&***'],
  ['/go?u=https%3A%2F%2Fann%3Ahunter%40git.example.com%2Fx', '/go?u=***'],
  ['/go?next=%2Fa%3Ftoken%3Dhunter', '/go?next=***'],
  ['/go?next=%252Fa%253Ftoken%253Dhunter', '/go?next=***'],
  ['/a?c3VwZXJzZWNyZXQgdmFsdWU%3D', '/a?***'],
  [`/a?${HEX}=1`, '/a?***=1'],
  ['/a?card=4111111111111111', '/a?card=***'],

  // Tokens in paths.
  [`/reset/${JWT}`, '/reset/***'],
  ['/reset/hunter2', '/reset/***'],
  ['/reset/MQ/c5f1ab-9d8e7f6a5b4c/', '/reset/MQ/***/'],
  ['/verify/483920', '/verify/***'],
  ['/invite/x7k2', '/invite/***'],
  [`/unsubscribe/${HEX}`, '/unsubscribe/***'],
  [`/files/${HEX}/a.pdf`, '/files/***/a.pdf'],
  [`/hooks/T02AB/B03CD/xK29aQz7LmP0rTw5`, '/hooks/T02AB/B03CD/***'],
  ['/s/Xk29aQz7', '/s/***'],
  ['/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe', '/***/getMe'],
  ['/x/dXNlcjpodW50ZXIyOmFiY2RlZg==', '/x/***=***'],
  ['/x/sk_live_abcdef', '/x/***'],
  ['/x;jsessionid=1A2B3C4D5E6F?q=1', '/x;jsessionid=***?q=1'],
  ['/x/%7B%22token%22%3A%22a%22%7D', '/x/***'],
  ['/x/https%3A%2F%2Fann%3Ahunter%40git/y', '/x/***/y'],
  ['/x/%252561', '/x/***'],
  ['/cb#access_token=hunter&state=ok', '/cb#access_token=***&state=ok'],
  ['https://ann:hunter@git.example.com/x', 'https://***@git.example.com/x'],
  ['https://ann@git.example.com/x', 'https://***@git.example.com/x'],
  ['https://ann:hun/ter@git.example.com/x', 'https://***'],
  ['/x/ann:hunter@git', '/x/***@git'],
];

/** Names of passwords and secrets in other languages, as in `?NAME=abc`. */
export const FOREIGN: readonly string[] = [
  ...[
    'senha',
    'nova_senha',
    'contraseña',
    'contrase%C3%B1a',
    'clave',
    'mot_de_passe',
    'motdepasse',
    'mdp',
    'passwort',
  ],
  ...[
    'Kennwort',
    'geheimnis',
    'wachtwoord',
    'lösenord',
    'l%C3%B6senord',
    'adgangskode',
    'passord',
    'salasana',
    'parola',
  ],
  ...[
    'haslo',
    'has%C5%82o',
    'heslo',
    'jelszó',
    'lozinka',
    'şifre',
    'kata_sandi',
    'mật_khẩu',
    'slaptažodis',
    'segreto',
  ],
  ...[
    'пароль',
    '%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C',
    'κωδικός',
    '密码',
    '密碼',
    'パスワード',
    '비밀번호',
    'סיסמה',
  ],
];

/** Command lines of daemons and crons, messages, and values of headers that are texts. */
export const TEXTS: readonly Case[] = [
  // Commands.
  ...[
    './manage.py runworker --queue mail -v 2',
    'celery -A shop worker -l info -c 4 -Q mail,default -Ofair -B',
  ],
  ...[
    'celery -A shop beat --schedule /var/run/beat.db',
    'rq worker --name mail-1 high default low',
    'redis-server',
  ],
  ...[
    '/usr/bin/python3 -u manage.py send_mail --max 50',
    'gunicorn shop.wsgi:application -b 0.0.0.0:8000 -w 4 -k gevent',
  ],
  ...[
    'uwsgi --ini /etc/uwsgi/app.ini --http-socket :8000 --processes=4',
    'memcached -m 64 -p 11211 -u memcache -l ::1',
  ],
  ...[
    'flock -n /tmp/x.lock ./manage.py sync >> /var/log/x.log 2>&1',
    'cd /srv/app && ./run.sh',
    'find . -name x -delete',
  ],
  ...[
    'DJANGO_SETTINGS_MODULE=shop.settings ./manage.py clearsessions',
    'PATH=/usr/bin:/bin HOME=/root run',
    '/bin/true',
  ],
  ...[
    'node dist/worker.js --concurrency 8',
    'sh -c "sleep 900"',
    'ssh -i /root/x git@example.com ls',
    'php -d a /srv/x.php',
  ],
  ...[
    '--password --force',
    'nginx -g daemon',
    'java -Xmx512m -jar /srv/app.jar',
    'tail -f -n 100 /var/log/syslog',
  ],
  ['curl -u user:pw https://example.com/', 'curl -u *** https://example.com/'],
  ['curl -uuser:pw https://example.com/', 'curl -u*** https://example.com/'],
  ['mysql -ppw', 'mysql -p***'],
  ['mysql -uroot -phunter db', 'mysql -uroot -p*** db'],
  ["mysql -p'hunter two' db", 'mysql -p*** db'],
  ['sshpass -p hunter ssh web1', 'sshpass -p *** ssh web1'],
  ['redis-cli -a hunter ping', 'redis-cli -a *** ping'],
  ['redis-cli --pass=hunter ping', 'redis-cli --pass=*** ping'],
  ['redis-cli auth hunter2', 'redis-cli auth ***'],
  ['celery --broker-password hunter -A shop', 'celery --broker-password *** -A shop'],
  ['x --password -hunter2 -v', 'x --password *** -v'],
  ['x --password "correct horse" -v', 'x --password *** -v'],
  ["x --password='correct horse' -v", 'x --password=*** -v'],
  ['x --password correct\\ horse -v', 'x --password *** -v'],
  ["x --login=ann'x y'z -v", 'x --login=*** -v'],
  ['PGPASSWORD=x psql -h db', 'PGPASSWORD=*** psql -h db'],
  ['env DB_PASSWORD="hunter 2" run', 'env DB_PASSWORD=*** run'],
  ['PASSWORD=/abc/def run', 'PASSWORD=*** run'],
  ['java -Dkey=hunter -Dname=ann', 'java -Dkey=*** -Dname=ann'],
  ['sh -c "x --token hunter"', 'sh -c "x --token ***"'],
  ["bash -lc 'PGPASSWORD=x psql -h db'", "bash -lc 'PGPASSWORD=*** psql -h db'"],
  ['python -c "run(1)"', 'python -c ***'],
  ['curl -H "X-Any: hunter" localhost', 'curl -H *** localhost'],
  ['curl -H X-Api-Key:hunter localhost', 'curl -H X-Api-Key:***'],
  ['curl -d \'{"a":"hunter"}\' localhost', 'curl -d *** localhost'],
  ['celery -b amqp://ann:hunter@mq/', 'celery -b amqp://***@mq/'],
  ['redis-cli -u redis://:hunt@er@db', 'redis-cli -u redis://***@db'],
  ['rsync ann:hunter@db::x /srv', 'rsync ***@db::x /srv'],
  [`notify ${HEX}`, 'notify ***'],
  [`x --id=${HEX}`, 'x --id=***'],
  ['x --id abc/DEfgh12iJkLmNoP34qRs', 'x --id ***'],
  ['x -o StrictHostKeyChecking=no', 'x -o ***'],
  ['openssl enc -pass pass:hunter', 'openssl enc -p*** ***:***'],

  // Messages and headers.
  ...[
    '12s on 1:2 GET /search?q=shoes',
    'listen queue full: 11 waiting, limit 10',
    'Mon at 04:00',
    'web-1.example.com:8000',
  ],
  ...[
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    '127.0.0.1',
    '2001:db8:33::9f3a',
  ],
  ...[
    'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
    'gzip, deflate, br',
    'de-DE,de;q=0.9,en;q=0.8',
    'bytes=0-1023',
  ],
  ...[
    'Wed, 21 Oct 2026 07:28:00 GMT',
    'auth:8000',
    '/run/token.sock',
    '/srv/my basic application',
    'worker.0.requests',
  ],
  ...[
    'uWSGI 2.0.21-debian',
    "can't open the server's socket",
    '/usr/lib/python3/dist-packages/django/core/handlers/wsgi.py',
  ],
  ['no: token=hunter', 'no: token=***'],
  ['cannot read https://web1/?token=hunter now', 'cannot read https://web1/?token=*** now'],
  ['Bearer abcdef123456', 'Bearer ***'],
  ['Basic dXNlcjpwYXNz', 'Basic ***'],
  ['Cookie: a=b; c=d', 'Cookie: ***'],
  ['{"token":"hunter","y":2}', '{"token":***'],
  ["{'a': 1, 'token': 'hunter'}", "{'a': 1, 'token': ***"],
  [`failed for ${JWT}`, 'failed for ***'],
];

/** Lines of Python. */
export const LINES: readonly Case[] = [
  ...[
    'return render("cart.html")',
    "for row in qs.filter(name='x'):",
    'time.sleep(14)',
    "return str(build('2026-11'))",
  ],
  ...[
    'log.info("%s took %d ms", x, y)  # slow',
    "open('/srv/app/a.txt')",
    "body = view(env) if view else 'home'",
  ],
  ...["f'{name} has {count:>10} items'", 'self.assertEqual(a, 1795)', "x = ''", "print('how are you?')"],
  ['password = "hunter"', 'password = "***"'],
  ["os.environ['SECRET_KEY'] = 'abc'", "os.environ['***'] = '***'"],
  ["connect('db', 'root', 'hunter2')", "connect('db', 'root', '***')"],
  ["get('/?token=abc')", "get('***')"],
  ['token = "a\\"b" + c', 'token = "***" + c'],
  ['pin = 1234', 'pin = ***'],
  ['x = 5  # password: hunter', 'x = 5  #***'],
  [`x = "${HEX}"`, 'x = "***"'],
  ['x = """p4ssw0rd', 'x = """***'],
];

/** Variables, with a value that is shown. */
export const SHOWN_VARIABLES: readonly (readonly [name: string, value: string])[] = [
  ['REQUEST_METHOD', 'GET'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
  ['SERVER_PORT', '8000'],
  ['REMOTE_ADDR', '2001:db8::1'],
  ['CONTENT_TYPE', 'application/x-www-form-urlencoded'],
  ['CONTENT_LENGTH', '318'],
  ['HTTPS', 'on'],
  ['AUTH_TYPE', 'Basic'],
  ['SCRIPT_NAME', '/shop'],
  ['QUERY_STRING', 'q=shoes&page=2'],
  ['HTTP_HOST', 'shop.example.com:8000'],
  ['HTTP_USER_AGENT', 'curl/7.88.1'],
  ['HTTP_X_FORWARDED_FOR', '203.0.113.7, 10.0.0.1'],
  ['HTTP_X_REQUEST_ID', HEX],
  ['HTTP_REFERER', 'https://shop.example.com/cart?item=3'],
  ['HTTP_ORIGIN', 'https://shop.example.com'],
  ['HTTP_IF_MODIFIED_SINCE', 'Wed, 21 Oct 2026 07:28:00 GMT'],
  ['HTTP_SEC_WEBSOCKET_VERSION', '13'],
];

/** Variables whose values are masked whole, whatever they are. */
export const MASKED_VARIABLES: readonly string[] = [
  ...['HTTP_COOKIE', 'HTTP_AUTHORIZATION', 'HTTP_PROXY_AUTHORIZATION', 'HTTP_X_API_KEY', 'HTTP_X_CSRFTOKEN'],
  ...[
    'HTTP_SEC_WEBSOCKET_PROTOCOL',
    'HTTP_SEC_WEBSOCKET_KEY',
    'HTTP_X_PLAIN',
    'REMOTE_USER',
    'SSL_SESSION_ID',
  ],
  ...['HTTP_X_AMZ_SECURITY_TOKEN', 'HTTP_IF_NONE_MATCH', 'PHP_AUTH_PW', 'ANYTHING', 'http_host', ''],
];
