/** The last answer for `forMs`, asked for once by all who come meanwhile; one that failed is asked for again. */
export function memo<Answer>(ask: () => Promise<Answer>, forMs: number): () => Promise<Answer> {
  let last: { readonly answer: Promise<Answer>; readonly untilMs: number } | undefined;
  return () => {
    if (last && performance.now() < last.untilMs) return last.answer;
    const answer = ask();
    const asked = { answer, untilMs: performance.now() + forMs };
    last = asked;
    answer.catch(() => {
      if (last === asked) last = undefined;
    });
    return answer;
  };
}
