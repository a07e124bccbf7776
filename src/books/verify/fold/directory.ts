import { z } from 'zod';
import { channelSettings } from '../../../domain/channel/settings.js';
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
    const { position } = event;
    switch (event.type) {
      case 'account-registered':
      case 'account-profile-updated':
      case 'account-suspended':
      case 'account-reinstated':
      case 'account-group-changed':
      case 'account-erased':
        return change(this.accounts, event.data.account_id, {
          ...accountChange(event),
          revision: event.revision,
        });
      case 'token-issued':
      case 'token-renamed':
      case 'token-limits-changed':
      case 'token-disabled':
      case 'token-enabled':
      case 'token-rotated':
      case 'token-revoked':
      case 'token-assigned':
        return change(this.tokens, event.data.token_id.toString(), {
          ...tokenChange(event),
          revision: event.revision,
        });
      case 'price-list-published': {
        const { version, prices, groups, by } = event.data;
        const list = { prices: canonicalJson(prices), groups: canonicalJson(groups), published_by: by };
        const published_at = event.recordedAt.toISOString();
        return change(this.priceLists, version.toString(), { ...list, published_at, position });
      }
      case 'channel-configured':
      case 'channel-enabled':
      case 'channel-disabled':
      case 'channel-key-enabled':
      case 'channel-key-disabled':
        return change(this.channels, event.data.channel_id, { ...this.channelChange(event), position });
      case 'setting-changed': {
        const { key, value, by } = event.data;
        const changed_at = event.recordedAt.toISOString();
        return change(this.settings, key, {
          value: canonicalJson(value),
          changed_by: by,
          changed_at,
          position,
        });
      }
      case 'operator-created': {
        const { name, role, by } = event.data;
        const created_at = event.recordedAt.toISOString();
        return change(this.operators, name, { role, enabled: true, created_by: by, created_at, position });
      }
      case 'operator-role-changed':
        return change(this.operators, event.data.name, { role: event.data.role, position });
      case 'operator-disabled':
      case 'operator-enabled':
        return change(this.operators, event.data.name, {
          enabled: event.type === 'operator-enabled',
          position,
        });
      default:
    }
  }

  private channelChange(event: LedgerEvent): Fields {
    switch (event.type) {
      case 'channel-configured': {
        const { channel_id, settings } = event.data;
        const { enabled = false, disabled = 'null' } = this.channels.get(channel_id) ?? {};
        return { settings: canonicalJson(settings), enabled, disabled };
      }
      case 'channel-enabled':
        return { enabled: true, disabled: 'null' };
      case 'channel-disabled':
        return { enabled: false, disabled: outOfUse(event.data) };
      case 'channel-key-enabled':
        return this.keyChange(event.data, 'null');
      case 'channel-key-disabled':
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

function change(rows: Map<string, Fields>, key: string, fields: Fields): void {
  const stored = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? storableText(value) : value,
  ]);
  rows.set(key, { ...rows.get(key), ...(Object.fromEntries(stored) as Fields) });
}

function accountChange({ type, data, recordedAt }: LedgerEvent): Fields {
  switch (type) {
    case 'account-registered': {
      const { user_id, external_user_id, username, login_type, aff_code, group, personal } = data;
      const profile = { user_id, external_user_id, username, login_type, aff_code, account_group: group };
      const created_at = recordedAt.toISOString();
      return { ...profile, personal: canonicalJson(personal), suspended: false, erased: false, created_at };
    }
    case 'account-profile-updated': {
      const { personal, username, login_type, aff_code } = data;
      const changed = { username, login_type, aff_code, personal: personal && canonicalJson(personal) };
      return Object.fromEntries(
        Object.entries(changed).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
    }
    case 'account-suspended':
    case 'account-reinstated':
      return { suspended: type === 'account-suspended' };
    case 'account-group-changed':
      return { account_group: data.group };
    case 'account-erased':
      return { erased: true };
    default:
      return {};
  }
}

function tokenChange({ type, data, recordedAt }: LedgerEvent): Fields {
  switch (type) {
    case 'token-issued': {
      const { account_id, token_name, key_hash, key_mask, limits } = data;
      const open = { disabled: false, revoked: false, issued_at: recordedAt.toISOString() };
      return { account_id, token_name, key_hash, key_mask, ...limitsOf(limits), ...open };
    }
    case 'token-renamed':
      return { token_name: data.token_name };
    case 'token-limits-changed':
      return limitsOf(data.limits);
    case 'token-rotated':
      return { key_hash: data.key_hash, key_mask: data.key_mask };
    case 'token-disabled':
    case 'token-enabled':
      return { disabled: type === 'token-disabled' };
    case 'token-revoked':
      return { revoked: true };
    default:
      return {};
  }
}

const limitsOf = (limits: z.output<typeof tokenLimits>): Fields => ({
  limits: canonicalJson(z.encode(tokenLimits, limits)),
  quota_limit: limits.quota_limit,
});
