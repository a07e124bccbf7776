import { useMutation, useQuery } from '@tanstack/react-query';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { goToProvider, providersQuery, type WayThere } from '../../session/providers.ts';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Services that operators have set up, each a button; nothing where there is none. */
export function ProviderButtons(way: WayThere) {
  const texts = useTexts(signInTexts);
  const providers = useQuery(providersQuery);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (provider: string) => goToProvider(provider, way),
    meta: { signsIn: true },
  });
  if (!providers.data || providers.data.length === 0) return null;
  return (
    <div className="stack" role="group" aria-label={texts.services}>
      <FormFailure error={error} fields={[]} />
      {providers.data.map(({ name, label }) => (
        <button
          className="button wide"
          type="button"
          key={name}
          disabled={isPending}
          onClick={() => mutate(name)}
        >
          <Icon name="globe" />
          {texts.with(label)}
        </button>
      ))}
    </div>
  );
}
