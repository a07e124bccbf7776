import { z } from 'zod';
import { channelSettings } from '../../../domain/channel/events.js';
import { tokenLimits } from '../../../domain/token/events.js';
import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import { canonicalJson, type Fields } from '../check.js';

/** Who and what there is, as the log says: accounts, keys, price lists, channels, settings and operators, by their id, as the tables must show them. */
export class Directory {
  readonly accounts = new Map<string, Fields>();
  readonly tokens = new Map<string, Fields>();
  readonly priceLists = new Map<string, Fields>();
  readonly channels = new Map<string, Fields>();
  readonly settings = new Map<string, Fields>();
  readonly operators = new Map<string, Fields>();

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'account-registered.v1':
      case 'account-profile-updated.v1':
      case 'account-suspended.v1':
      case 'account-reinstated.v1':
      case 'account-group-changed.v1':
      case 'account-erased.v1':
        return change(this.accounts, event.data.account_id, accountChange(event), event.revision);
      case 'token-issued.v1':
      case 'token-renamed.v1':
      case 'token-limits-changed.v1':
      case 'token-disabled.v2':
      case 'token-enabled.v2':
      case 'token-rotated.v1':
      case 'token-revoked.v2':
        return change(this.tokens, event.data.token_id.toString(), tokenChange(event), event.revision);
      case 'price-list-published.v2': {
        const { version, prices, groups } = event.data;
        const list = { prices: canonicalJson(prices), groups: canonicalJson(groups) };
        return change(this.priceLists, version.toString(), list);
      }
      case 'channel-configured.v2':
      case 'channel-enabled.v1':
      case 'channel-disabled.v2':
      case 'channel-key-enabled.v1':
      case 'channel-key-disabled.v1':
        return change(this.channels, event.data.channel_id, this.channelChange(event));
      case 'setting-changed.v1': {
        const { key, value, by } = event.data;
        return change(this.settings, key, { value: canonicalJson(value), changed_by: by });
      }
      case 'operator-created.v1':
        return change(this.operators, event.data.name, { role: event.data.role, enabled: true });
      case 'operator-role-changed.v1':
        return change(this.operators, event.data.name, { role: event.data.role });
      case 'operator-disabled.v1':
      case 'operator-enabled.v1':
        return change(this.operators, event.data.name, { enabled: event.type === 'operator-enabled.v1' });
      default:
    }
  }

  private channelChange(event: LedgerEvent): Fields {
    switch (event.type) {
      case 'channel-configured.v2': {
        const { channel_id, settings } = event.data;
        const { enabled = false, disabled = 'null' } = this.channels.get(channel_id) ?? {};
        return { settings: canonicalJson(settings), enabled, disabled };
      }
      case 'channel-enabled.v1':
        return { enabled: true, disabled: 'null' };
      case 'channel-disabled.v2':
        return { enabled: false, disabled: outOfUse(event.data) };
      case 'channel-key-enabled.v1':
        return this.keyChange(event.data, 'null');
      case 'channel-key-disabled.v1':
        return this.keyChange(event.data, outOfUse(event.data));
      default:
        return {};
    }
  }

  private keyChange(of: { channel_id: string; key_id: string }, disabled: string): Fields {
    const settings = channelSettings.parse(
      JSON.parse(String(this.channels.get(of.channel_id)?.['settings'])),
    );
    const keys = settings.keys.map((key) =>
      key.id === of.key_id ? { ...key, disabled: JSON.parse(disabled) as unknown } : key,
    );
    return { settings: canonicalJson({ ...settings, keys }) };
  }
}

const outOfUse = ({ reason, automatic }: { reason: string; automatic: boolean }): string =>
  canonicalJson({ reason, automatic });

function change(rows: Map<string, Fields>, key: string, fields: Fields, revision?: bigint): void {
  const stored = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? storableText(value) : value,
  ]);
  rows.set(key, {
    ...rows.get(key),
    ...(Object.fromEntries(stored) as Fields),
    ...(revision === undefined ? {} : { revision }),
  });
}

function accountChange({ type, data }: LedgerEvent): Fields {
  switch (type) {
    case 'account-registered.v1': {
      const { user_id, external_user_id, username, login_type, aff_code, group, personal } = data;
      const profile = { user_id, external_user_id, username, login_type, aff_code, account_group: group };
      return { ...profile, personal: canonicalJson(personal), suspended: false, erased: false };
    }
    case 'account-profile-updated.v1': {
      const { personal, username, login_type, aff_code } = data;
      const changed = { username, login_type, aff_code, personal: personal && canonicalJson(personal) };
      return Object.fromEntries(
        Object.entries(changed).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
    }
    case 'account-suspended.v1':
    case 'account-reinstated.v1':
      return { suspended: type === 'account-suspended.v1' };
    case 'account-group-changed.v1':
      return { account_group: data.group };
    case 'account-erased.v1':
      return { erased: true };
    default:
      return {};
  }
}

function tokenChange({ type, data }: LedgerEvent): Fields {
  switch (type) {
    case 'token-issued.v1': {
      const { account_id, token_name, key_hash, key_mask, limits } = data;
      const open = { disabled: false, revoked: false };
      return { account_id, token_name, key_hash, key_mask, limits: limitsText(limits), ...open };
    }
    case 'token-renamed.v1':
      return { token_name: data.token_name };
    case 'token-limits-changed.v1':
      return { limits: limitsText(data.limits) };
    case 'token-rotated.v1':
      return { key_hash: data.key_hash, key_mask: data.key_mask };
    case 'token-disabled.v2':
    case 'token-enabled.v2':
      return { disabled: type === 'token-disabled.v2' };
    case 'token-revoked.v2':
      return { revoked: true };
    default:
      return {};
  }
}

const limitsText = (limits: z.output<typeof tokenLimits>): string =>
  canonicalJson(z.encode(tokenLimits, limits));
