import { useTexts } from '../../texts.ts';
import { channelTexts } from './channel.texts.ts';

/** How far a channel is: addressed, tested, in use. */
export function Steps({ at }: { readonly at: 0 | 1 | 2 }) {
  const { steps } = useTexts(channelTexts);
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <li key={step} className={index < at ? 'done' : ''} aria-current={index === at ? 'step' : undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}
