-- breaking
-- A program that does not know the lanes would look for a call's charge in another stream.

-- Each process that writes charges takes the next lane when it starts.
CREATE SEQUENCE writer_lanes AS integer MINVALUE 0 MAXVALUE 255 CYCLE;
