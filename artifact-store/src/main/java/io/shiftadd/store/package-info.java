/**
 * Published models in S3-compatible object storage, for machines that share no disk: a small client, and a cache that
 * brings an artifact to the local disk and lets nobody read it before every byte is verified.
 */
@NullMarked
package io.shiftadd.store;

import org.jspecify.annotations.NullMarked;
