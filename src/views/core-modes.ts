/** How the cores of a worker are shown, in the order in which `a` cycles through the modes. */
export const CORE_MODES = ['off', 'merged', 'tree'] as const;
export type CoreMode = (typeof CORE_MODES)[number];
