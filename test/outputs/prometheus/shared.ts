/** The metrics of uwsgi_exporter 1.3.0, as its source and README list them. */
interface Family {
  prefix: string;
  labels: readonly string[];
  gauges: string;
  counters: string;
  summaries?: string;
}

const URI = 'stats_uri';

const FAMILIES: readonly Family[] = [
  {
    prefix: 'uwsgi_',
    labels: [URI],
    gauges: 'listen_queue_length listen_queue_errors signal_queue_length workers',
    counters: '',
  },
  {
    prefix: 'uwsgi_socket_',
    labels: [URI, 'name', 'proto'],
    gauges: 'queue_length max_queue_length shared can_offload',
    counters: '',
  },
  {
    prefix: 'uwsgi_worker_',
    labels: [URI, 'worker_id'],
    gauges:
      'accepting delta_requests signal_queue_length rss_bytes vsz_bytes running_time_seconds last_spawn_time_seconds average_response_time_seconds apps cores busy idle cheap',
    counters:
      'requests_total exceptions_total harakiri_count_total signals_total respawn_count_total transmitted_bytes_total',
  },
  {
    prefix: 'uwsgi_worker_app_',
    labels: [URI, 'worker_id', 'app_id', 'mountpoint', 'chdir'],
    gauges: 'startup_time_seconds',
    counters: 'requests_total exceptions_total',
  },
  {
    prefix: 'uwsgi_worker_core_',
    labels: [URI, 'worker_id', 'core_id'],
    gauges: 'busy',
    counters:
      'requests_total static_requests_total routed_requests_total offloaded_requests_total write_errors_total read_errors_total',
  },
  {
    prefix: 'uwsgi_cache_',
    labels: [URI, 'name'],
    gauges: 'items max_items',
    counters: 'hits misses full',
  },
  {
    prefix: 'uwsgi_exporter_',
    labels: [],
    gauges: 'last_scrape_error',
    counters: 'scrapes_total scrape_errors_total',
    summaries: 'scrape_duration_seconds',
  },
  { prefix: 'uwsgi_', labels: [], gauges: 'up', counters: '' },
];

/** A metric that dashboards and alerts for uwsgi_exporter use. */
export interface SharedMetric {
  name: string;
  type: string;
  labels: readonly string[];
}

export const SHARED: readonly SharedMetric[] = FAMILIES.flatMap(
  ({ prefix, labels, gauges, counters, summaries = '' }) =>
    Object.entries({ gauge: gauges, counter: counters, summary: summaries }).flatMap(([type, names]) =>
      names
        .split(' ')
        .filter((name) => name !== '')
        .map((name) => ({ name: prefix + name, type, labels })),
    ),
);
