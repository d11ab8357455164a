import { Random } from './random.ts';
import type { Request } from './state.ts';

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
  'Mozilla/5.0 (compatible; "quoted" bot/1.0; +https://bot.example.net/\\info)',
] as const;

/**
 * Returns the CGI variables of a request as `NAME=value`, in the order of uWSGI's own HTTP parser (proto/http.c). The
 * path precedes the URI only when there is a query. Only the path is percent-decoded.
 */
export function varsOf(request: Request): string[] {
  const random = new Random(request.draw);
  const { route } = request;
  const uri = route.uri(random);
  return [
    `REQUEST_METHOD=${route.method}`,
    ...location(uri),
    'SERVER_PROTOCOL=HTTP/1.1',
    'SCRIPT_NAME=',
    'SERVER_NAME=web1',
    'SERVER_PORT=8000',
    `REMOTE_ADDR=${remoteAddress(random)}`,
    'HTTP_HOST=shop.example.com',
    `HTTP_USER_AGENT=${route.api ? 'shop-sync/3.1' : random.pick(AGENTS)}`,
    route.api
      ? `HTTP_AUTHORIZATION=Bearer demo-${random.hex(24)}`
      : `HTTP_COOKIE=sessionid=${random.hex(32)}; csrftoken=${random.hex(16)}`,
    ...(route.method === 'POST'
      ? ['CONTENT_TYPE=application/x-www-form-urlencoded', `CONTENT_LENGTH=${random.integer(12, 900)}`]
      : []),
  ];
}

function location(uri: string): string[] {
  const mark = uri.indexOf('?');
  const path = `PATH_INFO=${decodeURIComponent(mark < 0 ? uri : uri.slice(0, mark))}`;
  const whole = `REQUEST_URI=${uri}`;
  return mark < 0 ? [whole, path, 'QUERY_STRING='] : [path, whole, `QUERY_STRING=${uri.slice(mark + 1)}`];
}

/** An address from the networks reserved for documentation (RFC 5737, RFC 3849). */
function remoteAddress(random: Random): string {
  const host = random.integer(1, 254);
  return random.chance(0.15) ? `2001:db8:${host.toString(16)}::${random.hex(4)}` : `203.0.113.${host}`;
}
