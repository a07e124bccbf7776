import { useTexts } from '../../texts.ts';
import { reasonTexts } from './reason.texts.ts';

const STATUS = /^status-(\d+)$/;

/** Says why a call failed; what an operator wrote stays as it was written. */
export function useReason(): (reason: string) => string {
  const { known, status } = useTexts(reasonTexts);
  return (reason) => {
    const code = STATUS.exec(reason)?.[1];
    if (code !== undefined) return status(code);
    return Object.entries(known).find(([name]) => name === reason)?.[1] ?? reason;
  };
}
