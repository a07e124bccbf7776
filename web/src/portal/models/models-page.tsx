import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { priceText } from '../../format/decimal.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { partTexts } from '../../parts/parts.texts.ts';
import { Select } from '../../parts/select.tsx';
import { type Column, SkeletonTable, Table } from '../../parts/table.tsx';
import { personQuery } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { Calculator } from './calculator.tsx';
import { modelsTexts } from './models.texts.ts';
import { type Offered, type Pricing, pricingQuery } from './pricing-query.ts';

const route = getRouteApi('/_portal/portal/models');

const useColumns = (): readonly Column[] =>
  useTexts(modelsTexts).columns.map((name, index) => ({ name, isFigure: index >= 2 }));

/** What may be called at which price; anybody may look. */
export function ModelsPage() {
  const texts = useTexts(modelsTexts);
  const columns = useColumns();
  const pricing = useQuery(pricingQuery());
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded
        query={pricing}
        skeleton={
          <section className="card">
            <SkeletonTable label={texts.title} columns={columns} rows={6} />
          </section>
        }
      >
        {(data) => <Offer pricing={data} />}
      </Loaded>
    </>
  );
}

/** The group that is asked for, else one's own, else `default`, else the first. */
function groupOf(
  ratios: Readonly<Record<string, number>>,
  asked: string | undefined,
  own: string | undefined,
): string {
  const known = Object.keys(ratios);
  return [asked, own, 'default'].find((name) => name !== undefined && known.includes(name)) ?? known[0] ?? '';
}

/** Groups are known from the whole offer; what one of them is offered, at its own prices. */
function Offer({ pricing }: { readonly pricing: Pricing }) {
  const texts = useTexts(modelsTexts);
  const columns = useColumns();
  const { group: asked } = route.useSearch();
  const ratios = pricing.group_ratio ?? {};
  const { data: person } = useQuery(personQuery);
  const group = groupOf(ratios, asked, person?.group);
  const ofGroup = useQuery(pricingQuery(group === '' ? undefined : group));
  return (
    <Loaded
      query={ofGroup}
      skeleton={
        <section className="card">
          <SkeletonTable label={texts.title} columns={columns} rows={6} />
        </section>
      }
    >
      {({ data: offered, pricing_version: version = '' }) => (
        <>
          <OfferTable
            groups={Object.keys(ratios)}
            group={group}
            ratio={String(ratios[group] ?? 1)}
            offered={offered}
            version={version}
          />
          {offered.length > 0 && (
            <Calculator group={group} models={offered.map(({ model_name }) => model_name)} />
          )}
        </>
      )}
    </Loaded>
  );
}

interface OfferTableProps {
  readonly groups: readonly string[];
  readonly group: string;
  readonly ratio: string;
  readonly offered: readonly Offered[];
  readonly version: string;
}

function OfferTable({ groups, group, ratio, offered, version }: OfferTableProps) {
  const texts = useTexts(modelsTexts);
  const columns = useColumns();
  const { q = '' } = route.useSearch();
  const shown = offered.filter(({ model_name }) => model_name.toLowerCase().includes(q.toLowerCase()));
  return (
    <section className="card">
      <Filters groups={groups} group={group} />
      {shown.length === 0 ? (
        <Nothing hasAny={offered.length > 0} />
      ) : (
        <Table label={texts.title} columns={columns}>
          {shown.map((model) => (
            <ModelRow key={model.model_name} {...model} />
          ))}
        </Table>
      )}
      <div className="table-foot">
        <span className="num">{texts.count(count(shown.length))}</span>
        <span className="meta">
          {ratio !== '1' && <>{texts.groupRatio(ratio)} </>}
          {texts.version(version)} · {texts.rate}
        </span>
      </div>
    </section>
  );
}

function Filters({ groups, group }: { readonly groups: readonly string[]; readonly group: string }) {
  const texts = useTexts(modelsTexts);
  const { named } = useTexts(partTexts);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="filters">
      <SearchField
        label={texts.search}
        hint={texts.searchHint}
        value={q}
        onType={(text) =>
          void navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true })
        }
      />
      {groups.length > 1 && (
        <Select
          label={texts.group}
          isFilter
          value={group}
          options={groups.map((name) => [name, named(texts.group, name)])}
          onChoose={(chosen) => void navigate({ search: (before) => ({ ...before, group: chosen }) })}
        />
      )}
    </div>
  );
}

function Nothing({ hasAny }: { readonly hasAny: boolean }) {
  const texts = useTexts(modelsTexts);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  if (!hasAny)
    return (
      <div className="empty">
        <p>{texts.none}</p>
      </div>
    );
  return (
    <div className="empty">
      <p>{texts.noneFound(q)}</p>
      <div className="actions">
        <button
          className="button"
          type="button"
          onClick={() => void navigate({ search: ({ group }) => ({ group }) })}
        >
          {texts.clear}
        </button>
      </div>
    </div>
  );
}

function ModelRow({ model_name, supported_endpoint_types, usd_per_million, usd_per_piece }: Offered) {
  const texts = useTexts(modelsTexts);
  const dollars = (usd: string | undefined) =>
    usd === undefined ? <span className="muted">–</span> : priceText(usd);
  const pieces = units.flatMap((unit) => {
    const usd = usd_per_piece[unit];
    return usd === undefined ? [] : [`${priceText(usd)} ${texts.units[unit]}`];
  });
  return (
    <tr>
      <th scope="row">{model_name}</th>
      <td>{supported_endpoint_types.join(', ')}</td>
      <td className="figure">{dollars(usd_per_million?.input)}</td>
      <td className="figure">{dollars(usd_per_million?.cached_input)}</td>
      <td className="figure">{dollars(usd_per_million?.output)}</td>
      <td className="figure">{pieces.length === 0 ? <span className="muted">–</span> : pieces.join(', ')}</td>
    </tr>
  );
}

const units = ['call', 'image', 'second', 'character', 'search'] as const;
