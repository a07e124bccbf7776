import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { CopyButton } from '../../parts/copy.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import type { Parameters, useChat } from './chat.ts';
import { curlText } from './curl-text.ts';
import { playgroundTexts } from './playground.texts.ts';
import { saidIn } from './turns.ts';

interface ComposerProps {
  readonly chat: ReturnType<typeof useChat>;
  readonly parameters: Parameters | undefined;
}

/** What is said next; it can be stopped, and taken along as curl. */
export function Composer({ chat, parameters }: ComposerProps) {
  const texts = useTexts(playgroundTexts);
  const [text, setText] = useState('');
  const send = () => {
    if (text.trim() === '' || chat.isRunning || !parameters) return;
    setText('');
    void chat.send(text.trim(), parameters);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <form className="card-body" onSubmit={submit}>
      <TextArea
        label={texts.message}
        hint={texts.messageHint}
        name="message"
        rows={3}
        spellCheck
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="actions">
        {chat.isRunning ? (
          <button className="button" type="button" onClick={chat.stop}>
            {texts.stop}
          </button>
        ) : (
          <button className="button primary" type="submit" disabled={!parameters}>
            {texts.send}
          </button>
        )}
        {parameters && (
          <CopyButton
            text={curlText(location.origin, parameters.dialect, {
              ...parameters,
              said: [...saidIn(chat.turns), { by: 'user', text: text.trim() || '…' }],
              streams: false,
            })}
            label={texts.curl}
          />
        )}
        {chat.turns.length > 0 && !chat.isRunning && (
          <button className="button quiet" type="button" onClick={chat.clear}>
            {texts.clear}
          </button>
        )}
      </div>
    </form>
  );
}
