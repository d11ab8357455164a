/**
 * The rule that masks the value of a known variable: `text` as free text, `url` and `query` as parts of a URL. `id`
 * shows an identifier unmasked and masks other values as free text.
 */
export type Rule = 'text' | 'url' | 'query' | 'id';

const BY_RULE: Readonly<Record<Rule, readonly string[]>> = {
  text: [
    ...['REQUEST_METHOD', 'REQUEST_SCHEME', 'REQUEST_TIME', 'SERVER_PROTOCOL', 'SERVER_NAME', 'SERVER_PORT'],
    ...[
      'SERVER_ADDR',
      'SERVER_SOFTWARE',
      'SERVER_ADMIN',
      'GATEWAY_INTERFACE',
      'HTTPS',
      'REMOTE_ADDR',
      'REMOTE_PORT',
    ],
    ...['REMOTE_HOST', 'CONTENT_TYPE', 'CONTENT_LENGTH', 'AUTH_TYPE', 'GEOIP_COUNTRY_CODE', 'HTTP2'],
    ...['HTTP_HOST', 'HTTP_USER_AGENT', 'HTTP_ACCEPT', 'HTTP_ACCEPT_CHARSET', 'HTTP_ACCEPT_ENCODING'],
    ...[
      'HTTP_ACCEPT_LANGUAGE',
      'HTTP_CONNECTION',
      'HTTP_UPGRADE',
      'HTTP_UPGRADE_INSECURE_REQUESTS',
      'HTTP_TE',
    ],
    ...[
      'HTTP_KEEP_ALIVE',
      'HTTP_PROXY_CONNECTION',
      'HTTP_TRANSFER_ENCODING',
      'HTTP_EXPECT',
      'HTTP_VIA',
      'HTTP_DATE',
    ],
    ...[
      'HTTP_CONTENT_TYPE',
      'HTTP_CONTENT_LENGTH',
      'HTTP_CONTENT_ENCODING',
      'HTTP_CACHE_CONTROL',
      'HTTP_PRAGMA',
    ],
    ...[
      'HTTP_RANGE',
      'HTTP_IF_RANGE',
      'HTTP_IF_MODIFIED_SINCE',
      'HTTP_IF_UNMODIFIED_SINCE',
      'HTTP_DNT',
      'HTTP_SEC_GPC',
    ],
    ...['HTTP_FORWARDED', 'HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_PROTO', 'HTTP_X_FORWARDED_HOST'],
    ...[
      'HTTP_X_FORWARDED_PORT',
      'HTTP_X_FORWARDED_SERVER',
      'HTTP_X_FORWARDED_SSL',
      'HTTP_X_FORWARDED_PROTOCOL',
    ],
    ...['HTTP_X_REAL_IP', 'HTTP_X_SCHEME', 'HTTP_X_REQUESTED_WITH', 'HTTP_CLIENT_IP', 'HTTP_TRUE_CLIENT_IP'],
    ...[
      'HTTP_CF_CONNECTING_IP',
      'HTTP_CF_IPCOUNTRY',
      'HTTP_CF_VISITOR',
      'HTTP_FRONT_END_HTTPS',
      'HTTP_PRIORITY',
    ],
    ...['HTTP_SEC_FETCH_SITE', 'HTTP_SEC_FETCH_MODE', 'HTTP_SEC_FETCH_DEST', 'HTTP_SEC_FETCH_USER'],
    ...['HTTP_SEC_CH_UA', 'HTTP_SEC_CH_UA_MOBILE', 'HTTP_SEC_CH_UA_PLATFORM', 'HTTP_SEC_WEBSOCKET_VERSION'],
    ...['HTTP_ACCESS_CONTROL_REQUEST_METHOD', 'HTTP_ACCESS_CONTROL_REQUEST_HEADERS', 'HTTP_SAVE_DATA'],
    ...['UWSGI_SCHEME', 'UWSGI_APPID', 'UWSGI_MODULE', 'UWSGI_CALLABLE', 'UWSGI_ROUTER'],
  ],
  url: [
    ...['REQUEST_URI', 'PATH_INFO', 'SCRIPT_NAME', 'SCRIPT_URL', 'SCRIPT_URI', 'DOCUMENT_URI', 'RAW_URI'],
    ...['PATH_TRANSLATED', 'SCRIPT_FILENAME', 'DOCUMENT_ROOT', 'CONTEXT_DOCUMENT_ROOT', 'REDIRECT_URL'],
    ...['HTTP_REFERER', 'HTTP_ORIGIN', 'HTTP_X_ORIGINAL_URI', 'HTTP_X_ORIGINAL_URL', 'HTTP_X_REWRITE_URL'],
    ...[
      'HTTP_X_FORWARDED_PREFIX',
      'HTTP_X_FORWARDED_URI',
      'HTTP_X_SCRIPT_NAME',
      'UWSGI_SCRIPT',
      'UWSGI_FILE',
    ],
    ...['UWSGI_CHDIR', 'UWSGI_PYHOME', 'HTTP_DESTINATION'],
  ],
  query: ['QUERY_STRING', 'REDIRECT_QUERY_STRING'],
  id: [
    ...['HTTP_X_REQUEST_ID', 'HTTP_X_CORRELATION_ID', 'HTTP_REQUEST_ID', 'REQUEST_ID', 'UNIQUE_ID'],
    ...['HTTP_X_AMZN_TRACE_ID', 'HTTP_TRACEPARENT', 'HTTP_X_B3_TRACEID', 'HTTP_X_B3_SPANID', 'HTTP_CF_RAY'],
    ...['HTTP_X_CLOUD_TRACE_CONTEXT', 'HTTP_X_TRACE_ID'],
  ],
};

/** The variables whose values can be shown. All other values are masked completely. */
export const VARIABLES: ReadonlyMap<string, Rule> = new Map(
  Object.entries(BY_RULE).flatMap(([rule, names]) => names.map((name) => [name, rule as Rule] as const)),
);
