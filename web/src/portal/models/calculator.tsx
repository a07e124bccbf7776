import { useState } from 'react';
import { Field } from '../../parts/field.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import type { OfferedModel } from './models-page.tsx';
import { modelsTexts } from './models.texts.ts';
import { costOf } from './prices.ts';

const MOST_TOKENS = 1_000_000_000;
const tokensOf = (text: string) => Math.min(MOST_TOKENS, Number(text.replace(/\D/g, '')));

/** What a call of a size would cost at the prices above. */
export function Calculator({ models }: { readonly models: readonly OfferedModel[] }) {
  const texts = useTexts(modelsTexts);
  const [name, setName] = useState('');
  const [input, setInput] = useState('10000');
  const [output, setOutput] = useState('1000');
  const model = models.find((each) => each.name === name) ?? models[0];
  if (!model) return null;
  const cost = costOf(model.prices, tokensOf(input), tokensOf(output));
  return (
    <Card title={texts.calculator}>
      <div className="card-body">
        <div className="calculator">
          <Select
            label={texts.model}
            value={model.name}
            options={models.map((each) => [each.name, each.name])}
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
            <dd aria-live="polite">
              <Money usd={cost} />
            </dd>
          </div>
        </dl>
        <p className="meta">{texts.before}</p>
      </div>
    </Card>
  );
}
