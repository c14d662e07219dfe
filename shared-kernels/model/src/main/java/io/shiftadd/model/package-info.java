/**
 * The forward pass: {@link io.shiftadd.model.CausalLanguageModel} runs its {@link io.shiftadd.model.DecoderBlock
 * blocks} over float or packed layers. Evaluation and serving both run this code, so that what is measured is what is
 * served. The rooms below: what a family's files say ({@code family}), layers over stored weights ({@code layers}),
 * keys and values ({@code cache}), attention over them ({@code attention}), images ({@code vision}), and the whole in
 * plain floats for other engines ({@code expansion}).
 */
@NullMarked
package io.shiftadd.model;

import org.jspecify.annotations.NullMarked;
