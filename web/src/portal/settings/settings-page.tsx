import { useQuery } from '@tanstack/react-query';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import {
  chooseLanguage,
  chooseTheme,
  type Language,
  type Theme,
  useLanguage,
  useTheme,
} from '../../preferences.ts';
import { FactorCard } from '../../factors/factor-card.tsx';
import { ownFactors } from '../../session/own-factors.ts';
import { personQuery } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { DeleteCard } from './delete-card.tsx';
import { EmailCard } from './email-card.tsx';
import { IdentitiesCard } from './identities-card.tsx';
import { NameForm } from './name-form.tsx';
import { PasswordCard } from './password-card.tsx';
import { PasskeysCard } from '../../factors/passkeys-card.tsx';
import { ownPasskeys } from '../../session/passkeys.ts';
import { SessionsCard } from '../../sessions/sessions-card.tsx';
import { personSessions } from '../../session/own-sessions.ts';
import { SignInsCard } from './sign-ins-card.tsx';
import { settingsTexts } from './settings.texts.ts';

/** Who one is, how one signs in, and how the pages look. */
export function SettingsPage() {
  const texts = useTexts(settingsTexts);
  const person = useQuery(personQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <div className="pair">
        <Card title={texts.account}>
          <Loaded query={person} skeleton={<SkeletonLines lines={4} />}>
            {({ username, display_name, email, email_verified, group, external_user_id, status }) => (
              <>
                <div className="card-body">
                  <dl className="facts">
                    <Fact name={texts.name} value={username} />
                    <Fact
                      name={texts.email}
                      value={
                        email === ''
                          ? '–'
                          : `${email} · ${email_verified ? texts.verified : texts.unverified}`
                      }
                    />
                    <Fact name={texts.group} value={group} />
                    <Fact name={texts.id} value={external_user_id} />
                  </dl>
                </div>
                {status === 1 && <NameForm called={display_name} />}
              </>
            )}
          </Loaded>
        </Card>
        <LookCard />
      </div>
      {person.data?.session?.via ? (
        <div className="banner">
          <Icon name="lock" />
          <p>{texts.handedOver}</p>
        </div>
      ) : (
        <>
          <PasswordCard hasPassword={person.data?.has_password ?? true} />
          {person.data?.has_password && <EmailCard />}
          {person.data?.has_password && <FactorCard desk={ownFactors} />}
          {person.data?.has_password && <PasskeysCard desk={ownPasskeys} />}
          {person.data?.has_password && <IdentitiesCard />}
        </>
      )}
      <SessionsCard desk={personSessions} />
      <SignInsCard />
      {person.data?.has_password && !person.data.session?.via && (
        <DeleteCard username={person.data.username} />
      )}
    </>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function LookCard() {
  const texts = useTexts(settingsTexts);
  const language = useLanguage();
  const theme = useTheme();
  return (
    <Card title={texts.look}>
      <div className="card-body">
        <Select
          label={texts.language}
          value={language}
          options={[
            ['en', 'English'],
            ['zh', '中文'],
          ]}
          onChoose={(chosen) => chooseLanguage(chosen as Language)}
        />
        <Select
          label={texts.theme}
          value={theme}
          options={(['system', 'light', 'dark'] as const).map((each) => [each, texts.themes[each]])}
          onChoose={(chosen) => chooseTheme(chosen as Theme)}
        />
      </div>
    </Card>
  );
}
