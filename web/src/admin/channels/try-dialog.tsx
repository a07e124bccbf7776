import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ChannelTest } from '../channel/channel-test.tsx';
import { channelsQuery } from './channel-queries.ts';
import { coolingTexts } from './cooling.texts.ts';

interface TryDialogProps {
  /** The channel that is chosen at first; else the first there is. */
  readonly first?: string;
  readonly onClose: () => void;
}

/** Asks any channel for the smallest answer without leaving the list. */
export function TryDialog({ first, onClose }: TryDialogProps) {
  const texts = useTexts(coolingTexts);
  const channels = useQuery(channelsQuery);
  const [chosen, setChosen] = useState(first);
  return (
    <Dialog title={texts.tryTitle} onClose={onClose}>
      <div className="dialog-body">
        <Loaded query={channels} skeleton={<div className="skeleton" />}>
          {(all) => {
            const channel = all.find(({ channel_id: id }) => id === chosen) ?? all[0];
            return (
              channel && (
                <>
                  <Select
                    label={texts.channel}
                    value={channel.channel_id}
                    options={all.map(({ channel_id: id, name }) => [id, name] as const)}
                    onChoose={setChosen}
                  />
                  <ChannelTest key={channel.channel_id} channel={channel} note={texts.triesEnds} />
                </>
              )
            );
          }}
        </Loaded>
      </div>
    </Dialog>
  );
}
