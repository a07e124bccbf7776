import type { InputOptions, OutputOptions } from 'rolldown';

export function inputOf(folder: string, programs?: readonly string[]): InputOptions;
export function outputIn(folder: string): OutputOptions;
