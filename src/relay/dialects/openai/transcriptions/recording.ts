import type { FormPart } from '../../../multipart/form-scanner.js';

/** What is known of a recording's length from its file. */
export interface RecordingLength {
  /** No recording is longer. */
  readonly mostMs: number;
  /** What it is taken to be where nobody says it. */
  readonly likelyMs: number;
}

/** 8 kbit/s: what MP3 and the codecs of telephones go down to. */
const LEAST_BYTES_PER_SECOND = 1_000;
/** 32 kbit/s: what speech is commonly compressed to. */
const USUAL_BYTES_PER_SECOND = 4_000;
/** Providers round up to whole seconds. */
const ROUNDING_MS = 1_000;

/** Formats of sound without compression: PCM, floating point, and what names one of them further on. */
const UNCOMPRESSED = new Set([1, 3, 0xfffe]);

/** Of all files of a form together: by their headers where they are WAV without compression, else by their bytes. */
export function recordingLength(files: readonly FormPart[]): RecordingLength {
  let mostMs = ROUNDING_MS;
  let likelyMs = 0;
  for (const { contentStart, contentEnd, content } of files) {
    const rate = wavRate(content);
    const bytes = contentEnd - contentStart;
    mostMs += Math.ceil((bytes * 1_000) / (rate ?? LEAST_BYTES_PER_SECOND));
    likelyMs += Math.ceil((bytes * 1_000) / (rate ?? USUAL_BYTES_PER_SECOND));
  }
  return { mostMs, likelyMs };
}

/**
 * Bytes a second of a WAV file, where its header says one thing only: the rate must be what channels, samples and their size make.
 * http://soundfile.sapp.org/doc/WaveFormat/
 */
function wavRate(head: Buffer): number | undefined {
  if (head.length < 36) return undefined;
  const words = [head.toString('latin1', 0, 4), head.toString('latin1', 8, 16)];
  if (words[0] !== 'RIFF' || words[1] !== 'WAVEfmt ' || !UNCOMPRESSED.has(head.readUInt16LE(20)))
    return undefined;
  const channels = head.readUInt16LE(22);
  const samplesPerSecond = head.readUInt32LE(24);
  const rate = head.readUInt32LE(28);
  const bitsPerSample = head.readUInt16LE(34);
  const made = (samplesPerSecond * channels * bitsPerSample) / 8;
  return rate === made && rate >= LEAST_BYTES_PER_SECOND ? rate : undefined;
}
