import { useState } from 'react';
import { priceText, product } from '../../format/decimal.ts';
import { count } from '../../format/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { EditPrice } from './edit-price.tsx';
import { furtherOf } from './price-fields.ts';
import type { List, Price } from './price-queries.ts';
import { pricesTexts } from './prices.texts.ts';

/** Ratio 1 is two dollars for a million tokens. */
const USD_PER_MILLION = '2';

/** Changes a list, or rejects with what the API says of it. */
export type ChangeList = (next: List) => Promise<void>;

export interface ListProps {
  readonly list: List;
  /** Absent where it is only to be looked at. */
  readonly onChange?: ChangeList | undefined;
}

/** As the columns have them; a draft that leaves one out does not know its default. */
const figuresOf = (price: Price): readonly (string | undefined)[] => [
  price.model_ratio === undefined ? undefined : priceText(product(price.model_ratio, USD_PER_MILLION)),
  price.completion_ratio,
  price.cache_ratio,
  price.cache_write_ratio,
  price.per_call_usd ? priceText(price.per_call_usd) : undefined,
  price.max_output_tokens === undefined ? undefined : count(price.max_output_tokens),
];

/** Every model with its price; one line opens its form. */
export function PriceTable({ list, onChange }: ListProps) {
  const texts = useTexts(pricesTexts);
  const [q, setQ] = useState('');
  const [edited, setEdited] = useState<string>();
  const columns = texts.columns
    .map((name, index) => ({ name, isFigure: index > 0 && index < 7, isHidden: index === 8 }))
    .slice(0, onChange ? 9 : 8);
  const shown = list.prices.filter(({ model }) => model.toLowerCase().includes(q.toLowerCase()));
  return (
    <section className="card">
      <div className="filters">
        <SearchBox label={texts.search} hint={texts.searchHint} value={q} onSearch={setQ} />
      </div>
      {shown.length === 0 ? (
        <div className="empty">
          <p>{list.prices.length === 0 ? texts.none : texts.noneFound(q)}</p>
          {q !== '' && (
            <div className="actions">
              <button className="button" type="button" onClick={() => setQ('')}>
                {texts.clear}
              </button>
            </div>
          )}
        </div>
      ) : (
        <Table label={texts.models} columns={columns} className="table-tall">
          {shown.map((price) => (
            <tr key={price.model}>
              <th scope="row">{price.model}</th>
              {figuresOf(price).map((figure, index) => (
                <td className="figure" key={index}>
                  {figure ?? '–'}
                </td>
              ))}
              <td className="wrap">{Object.keys(furtherOf(price)).join(', ') || '–'}</td>
              {onChange && (
                <td className="figure">
                  <button
                    className="button small"
                    type="button"
                    aria-label={texts.editOf(price.model)}
                    onClick={() => setEdited(price.model)}
                  >
                    {texts.edit}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      <div className="table-foot">
        <span className="num">{texts.shown(count(shown.length), count(list.prices.length))}</span>
      </div>
      {onChange && edited !== undefined && (
        <EditPrice list={list} model={edited} onChange={onChange} onClose={() => setEdited(undefined)} />
      )}
    </section>
  );
}
