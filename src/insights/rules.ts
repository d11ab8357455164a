import { CHANGE_RULES, type ChangeRule } from './change-rules.ts';
import type { Rule } from './rule.ts';
import { HINT_RULES } from './rules/hints.ts';
import { JOB_RULES } from './rules/jobs.ts';
import { LOAD_RULES } from './rules/load.ts';
import { OTHER_RULES } from './rules/others.ts';
import { PROCESS_RULES } from './rules/processes.ts';
import { QUEUE_RULES } from './rules/queues.ts';
import { STATE_RULES } from './rules/states.ts';
import { REQUEST_RULES } from './rules/stuck.ts';
import { WORKER_RULES } from './rules/whole-worker.ts';

/** All rules, in the order in which they run. */
export const RULES: readonly Rule[] = [
  ...STATE_RULES,
  ...REQUEST_RULES,
  ...WORKER_RULES,
  ...QUEUE_RULES,
  ...LOAD_RULES,
  ...PROCESS_RULES,
  ...JOB_RULES,
  ...OTHER_RULES,
  ...HINT_RULES,
];

/** All rules whose levels a user can set. */
export const LEVELED: readonly (Rule | ChangeRule)[] = [...RULES, ...CHANGE_RULES];
