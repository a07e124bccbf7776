-- What the test provider gave back, under the number of the refund: of which of its payments.
ALTER TABLE test_payments ADD COLUMN of_payment text;
