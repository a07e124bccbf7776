// In the domain because commands place holds too (refunds, adjustments) and may not import the relay.
export * from '../../domain/hold/hold-context.js';
