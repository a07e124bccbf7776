-- Whose turn it is, so that whoever was held up for longer than it finds that somebody else has it. What an older process took has none.
ALTER TABLE payment_refund_turns ADD COLUMN holder uuid;
