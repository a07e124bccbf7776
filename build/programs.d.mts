import type { InputOptions, OutputOptions } from 'rolldown';

export function inputOf(
  folder: string,
  programs?: readonly string[],
  packages?: 'in' | 'apart',
): InputOptions;
export function outputIn(folder: string): OutputOptions;
