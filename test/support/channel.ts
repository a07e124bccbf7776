/** Settings of a channel that is nothing out of the ordinary, without its secrets and what every test says itself. */
export const plainChannel = {
  model_mapping: {},
  groups: ['default'],
  priority: 0,
  weight: 1,
  health_check_interval_seconds: null,
  max_concurrency: null,
  max_calls_per_minute: null,
  parameter_overrides: { drop: [], default: {}, set: {} },
  header_overrides: {},
  forward_headers: [],
  proxy_url: null,
  sealed_proxy_credentials: null,
  api_version: null,
};
