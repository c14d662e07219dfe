package io.shiftadd.cli.bench;

import io.shiftadd.model.cache.KvCache;

/**
 * What every model of a measurement of decoding has to do.
 *
 * @param context tokens before those that are decoded
 * @param madeUp whether the context's keys and values are made up instead of computed from a prompt: decoding takes as
 *     long, and a long prompt takes many times as long as all that is decoded
 * @param streams sequences decoded together
 */
record DecodeLoad(KvCache.Precision cachePrecision, int context, boolean madeUp, int decodedTokens, int streams) {}
