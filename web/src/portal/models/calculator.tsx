import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Field } from '../../parts/field.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { modelsTexts } from './models.texts.ts';
import { estimateQuery } from './pricing-query.ts';

const MOST_TOKENS = 1_000_000_000;
const tokensOf = (text: string) => Math.min(MOST_TOKENS, Number(text.replace(/\D/g, '')));

interface CalculatorProps {
  readonly group: string;
  readonly models: readonly string[];
}

/** What a call of a size would cost a group. */
export function Calculator({ group, models }: CalculatorProps) {
  const texts = useTexts(modelsTexts);
  const [name, setName] = useState('');
  const [input, setInput] = useState('10000');
  const [output, setOutput] = useState('1000');
  const model = models.includes(name) ? name : (models[0] ?? '');
  const [prompt, completion] = [useDeferredValue(tokensOf(input)), useDeferredValue(tokensOf(output))];
  const { data: cost } = useQuery(
    estimateQuery({ model, group, prompt_tokens: prompt, completion_tokens: completion }),
  );
  return (
    <Card title={texts.calculator}>
      <div className="card-body">
        <div className="calculator">
          <Select
            label={texts.model}
            value={model}
            options={models.map((each) => [each, each])}
            onChoose={setName}
          />
          <Field
            label={texts.input}
            suffix={texts.tokens}
            inputMode="numeric"
            value={input}
            onChange={({ target }) => setInput(target.value)}
          />
          <Field
            label={texts.output}
            suffix={texts.tokens}
            inputMode="numeric"
            value={output}
            onChange={({ target }) => setOutput(target.value)}
          />
        </div>
        <dl className="facts">
          <div className="total">
            <dt>{texts.cost}</dt>
            <dd aria-live="polite">{cost ? <Money usd={cost.usd} /> : '–'}</dd>
          </div>
        </dl>
        <p className="meta">{texts.before}</p>
      </div>
    </Card>
  );
}
