/** A panel of the dashboard. It shows the sum of a metric, per second for a counter, or the ratio of two. */
export interface Panel {
  title: string;
  metric: string;
  /** The metric that the first one is divided by. */
  over?: string;
  /** Labels whose values have a line of their own, in addition to the server. */
  by?: readonly string[];
  /** Without the label of a server. */
  isOwn?: true;
  /** Shows only values above 0, as a table of what is true now. */
  isList?: true;
  /** Unit of Grafana for a ratio; otherwise it follows from the metric. */
  unit?: 'percentunit' | 's';
}

/** The panels of the dashboard, in rows. */
export const ROWS: readonly (readonly [title: string, panels: readonly Panel[]])[] = [
  [
    'What is wrong',
    [
      { title: 'Findings', metric: 'uwsgi_finding', by: ['rule', 'severity'], isList: true },
      { title: 'Findings by severity', metric: 'uwsgi_finding', by: ['severity'] },
      { title: 'New findings per second', metric: 'uwsgi_findings_total', by: ['rule', 'severity'] },
      { title: 'Servers that are read', metric: 'uwsgi_target_up' },
    ],
  ],
  [
    'Requests',
    [
      { title: 'Requests per second', metric: 'uwsgi_requests_total' },
      {
        title: 'Mean response time',
        metric: 'uwsgi_request_seconds_total',
        over: 'uwsgi_timed_requests_total',
        unit: 's',
      },
      {
        title: 'Busy cores',
        metric: 'uwsgi_requests_in_flight',
        over: 'uwsgi_cores',
        unit: 'percentunit',
      },
      { title: 'Age of the oldest request', metric: 'uwsgi_oldest_request_age_seconds' },
      { title: 'Requests that are long on purpose', metric: 'uwsgi_long_requests_in_flight', by: ['kind'] },
      { title: 'Bytes sent', metric: 'uwsgi_transmitted_bytes_total' },
    ],
  ],
  [
    'Queues',
    [
      { title: 'Longest listen queue', metric: 'uwsgi_listen_queue_length' },
      {
        title: 'Queue of each socket, share of its limit',
        metric: 'uwsgi_socket_queue_length',
        over: 'uwsgi_socket_max_queue_length',
        by: ['name'],
        unit: 'percentunit',
      },
      { title: 'Refused connections per second', metric: 'uwsgi_network_refused_connections_total' },
    ],
  ],
  [
    'Workers',
    [
      { title: 'Workers by state', metric: 'uwsgi_workers_by_state', by: ['state'] },
      { title: 'Resident memory of workers', metric: 'uwsgi_worker_rss_bytes' },
      { title: 'Resident memory of each worker', metric: 'uwsgi_worker_rss_bytes', by: ['worker_id'] },
      { title: 'Processors used by workers', metric: 'uwsgi_worker_cpu_seconds_total' },
      { title: 'Exceptions per second', metric: 'uwsgi_exceptions_total' },
      { title: 'Harakiris per second', metric: 'uwsgi_harakiris_total' },
      { title: 'Respawns per second', metric: 'uwsgi_respawns_total' },
    ],
  ],
  [
    'Caches, spoolers and own metrics',
    [
      {
        title: 'Items in caches, share of the limit',
        metric: 'uwsgi_cache_items',
        over: 'uwsgi_cache_max_items',
        by: ['name'],
        unit: 'percentunit',
      },
      { title: 'Cache hits per second', metric: 'uwsgi_cache_hits', by: ['name'] },
      { title: 'Cache misses per second', metric: 'uwsgi_cache_misses', by: ['name'] },
      { title: 'Waiting tasks of spoolers', metric: 'uwsgi_spooler_waiting_tasks', by: ['spooler'] },
      { title: 'Tasks of spoolers per second', metric: 'uwsgi_spooler_tasks_total', by: ['spooler'] },
      { title: 'Counters of uWSGI per second', metric: 'uwsgi_metric_total', by: ['metric'] },
      { title: 'Values of uWSGI', metric: 'uwsgi_metric_value', by: ['metric'] },
    ],
  ],
  [
    'Emperors and routers',
    [
      { title: 'Vassals', metric: 'uwsgi_emperor_vassals' },
      { title: 'Vassals with a process', metric: 'uwsgi_vassal_running' },
      { title: 'Blacklisted vassals', metric: 'uwsgi_emperor_blacklisted_vassals' },
      { title: 'Sessions of routers', metric: 'uwsgi_router_active_sessions' },
      {
        title: 'Requests of nodes per second',
        metric: 'uwsgi_router_node_requests_total',
        by: ['key', 'node'],
      },
      { title: 'Dead nodes', metric: 'uwsgi_router_node_dead' },
    ],
  ],
  [
    'Exporter',
    [
      { title: 'Servers by state', metric: 'uwsgi_servers', by: ['state'], isOwn: true },
      { title: 'Processors used by the exporter', metric: 'process_cpu_seconds_total', isOwn: true },
      { title: 'Memory of the exporter', metric: 'process_resident_memory_bytes', isOwn: true },
    ],
  ],
];
