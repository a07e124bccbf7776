import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { optionsQuery } from '../top-up/top-up-queries.ts';
import { plansQuery, subscriptionsQuery } from './plan-queries.ts';
import { PlanOffer } from './plan-offer.tsx';
import { plansTexts } from './plans.texts.ts';
import { SubscriptionCard } from './subscription-card.tsx';

/** What one is subscribed to, what of it is left, and what can be bought. */
export function PlansPage() {
  const texts = useTexts(plansTexts);
  const plans = useQuery(plansQuery);
  const subscriptions = useQuery(subscriptionsQuery);
  const options = useQuery(optionsQuery);
  const skeleton = (
    <section className="card">
      <SkeletonLines lines={6} />
    </section>
  );
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded query={subscriptions} skeleton={skeleton}>
        {(data) =>
          data.subscriptions.map((each) => (
            <SubscriptionCard key={each.subscription_id} subscription={each} />
          ))
        }
      </Loaded>
      <Loaded query={plans} skeleton={skeleton}>
        {(data) =>
          data.plans.length === 0 ? (
            <Nothing />
          ) : (
            <div className="offers">
              {data.plans.map((plan) => (
                <PlanOffer
                  key={plan.plan_id}
                  plan={plan}
                  methods={options.data?.methods ?? []}
                  subscription={subscriptions.data?.subscriptions.find(
                    ({ plan_id }) => plan_id === plan.plan_id,
                  )}
                />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function Nothing() {
  const texts = useTexts(plansTexts);
  return (
    <Card title={texts.none}>
      <div className="empty">
        <p>{texts.noneWhy}</p>
        <div className="actions">
          <Link className="button" to="/portal/top-up">
            {texts.topUp}
          </Link>
        </div>
      </div>
    </Card>
  );
}
