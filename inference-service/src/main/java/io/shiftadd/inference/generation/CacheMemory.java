package io.shiftadd.inference.generation;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory for keys and values of all models together. Each engine has an account: what its running sequences have
 * reserved, and what it keeps of sequences that have ended. What is only kept is given back when another needs it.
 * Thread-safe.
 */
public final class CacheMemory {

    private final long bytes;
    private final List<Account> accounts = new ArrayList<>();

    /** @param bytes for keys and values of all engines */
    public CacheMemory(long bytes) {
        this.bytes = bytes;
    }

    /** What all engines have together. */
    public long bytes() {
        return bytes;
    }

    /** What running sequences have reserved, in all engines. */
    public synchronized long reserved() {
        return accounts.stream().mapToLong(account -> account.reserved).sum();
    }

    /** @param wake tells the engine that memory has become free, or that another needs some */
    synchronized Account open(Runnable wake) {
        Account account = new Account(wake);
        accounts.add(account);
        return account;
    }

    private long free() {
        return bytes
                - accounts.stream()
                        .mapToLong(account -> account.reserved + account.kept)
                        .sum();
    }

    /** One engine's part. */
    final class Account implements AutoCloseable {

        private final Runnable wake;
        private long reserved;
        private long kept;
        private long wanted;
        private boolean asked;

        private Account(Runnable wake) {
            this.wake = wake;
        }

        long reserved() {
            synchronized (CacheMemory.this) {
                return reserved;
            }
        }

        /** Whether so much could be had once others gave back what they only keep, and oneself too. */
        boolean couldTake(long more) {
            synchronized (CacheMemory.this) {
                return CacheMemory.this.reserved() + more <= bytes;
            }
        }

        /** Whether so much is free. */
        boolean hasFree(long more) {
            synchronized (CacheMemory.this) {
                return free() >= more;
            }
        }

        /**
         * Reserves memory for a sequence. When there is none the others are asked for what they only keep, and this
         * engine is woken as soon as they have given it. An engine that has nothing comes before those that want more.
         */
        boolean take(long more) {
            synchronized (CacheMemory.this) {
                if (free() < more || mustGiveWay(more)) {
                    wanted = more;
                    for (Account other : accounts) {
                        if (other != this && other.kept > 0) {
                            other.asked = true;
                            other.wake.run();
                        }
                    }
                    return false;
                }
                reserved += more;
                wanted = 0;
                return true;
            }
        }

        private boolean mustGiveWay(long more) {
            return reserved > 0
                    && accounts.stream()
                            .anyMatch(other -> other != this
                                    && other.wanted > 0
                                    && other.reserved == 0
                                    && free() - more < other.wanted);
        }

        /** Nothing waits here any more. */
        void wantNothing() {
            synchronized (CacheMemory.this) {
                wanted = 0;
            }
        }

        /** A sequence's memory is free again. */
        void give(long less) {
            synchronized (CacheMemory.this) {
                reserved -= less;
                wakeThoseThatWait();
            }
        }

        /** What may be kept beside what is reserved. */
        long roomToKeep() {
            synchronized (CacheMemory.this) {
                return free() + kept;
            }
        }

        /** What is kept now. */
        void keep(long now) {
            synchronized (CacheMemory.this) {
                boolean less = now < kept;
                kept = now;
                if (less) {
                    wakeThoseThatWait();
                }
            }
        }

        /** Whether another needs what is kept; true once for each time it asks. */
        boolean isAsked() {
            synchronized (CacheMemory.this) {
                boolean was = asked;
                asked = false;
                return was;
            }
        }

        private void wakeThoseThatWait() {
            for (Account other : accounts) {
                if (other != this && other.wanted > 0) {
                    other.wake.run();
                }
            }
        }

        @Override
        public void close() {
            synchronized (CacheMemory.this) {
                accounts.remove(this);
                wakeThoseThatWait();
            }
        }
    }
}
