package io.shiftadd.cli.bench;

import io.shiftadd.model.cache.KvCache;

/**
 * What every model of a measurement of decoding has to do.
 *
 * @param streams sequences decoded together
 */
record DecodeLoad(KvCache.Precision cachePrecision, int promptTokens, int decodedTokens, int streams) {}
