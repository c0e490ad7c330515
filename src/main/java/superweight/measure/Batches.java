package superweight.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import superweight.model.CausalLM;

/** How much is taken through the layers at once: as many sequences as their hidden states fit a memory bound. */
final class Batches {
    private static final long MIB = 1 << 20;

    private Batches() {}

    /**
     * What may be filled by hidden states. With weights in memory little is needed to be fast; where each batch reads
     * all of them from disk, more is worth its price.
     */
    private static long bound(CausalLM model) {
        return switch (model.residence()) {
            case MEMORY -> 128 * MIB;
            case DISK -> 1024 * MIB;
        };
    }

    /**
     * Cuts sequences, in their order, into batches, of at least one sequence each.
     *
     * @param tokens how many a sequence has
     * @param conditions under how many conditions each is run
     */
    static <S> List<List<S>> of(CausalLM model, List<S> sequences, ToIntFunction<S> tokens, int conditions) {
        return cut(sequences, tokens::applyAsInt, tokensAtOnce(model) / Math.max(1, conditions));
    }

    /**
     * Cuts conditions, in their order, into groups of as many as one sequence can be run under; at least one each.
     *
     * <p>One that maps weights is by itself: its matrices are made anew for every batch of sequences, so it pays to take
     * many of these at once.
     *
     * @param longest tokens of the longest sequence
     */
    static List<List<Condition>> ofConditions(CausalLM model, List<Condition> conditions, int longest) {
        long most = tokensAtOnce(model);
        return cut(conditions, condition -> condition.mapsWeights() ? most : longest, most);
    }

    private static long tokensAtOnce(CausalLM model) {
        // A layer's input and its output, at worst different under each condition.
        return bound(model) / (2L * model.config().hiddenSize() * Float.BYTES);
    }

    private static <S> List<List<S>> cut(List<S> whole, ToLongFunction<S> tokens, long most) {
        List<List<S>> batches = new ArrayList<>();
        long room = 0;
        for (S each : whole) {
            long needed = tokens.applyAsLong(each);
            if (batches.isEmpty() || needed > room) {
                batches.add(new ArrayList<>());
                room = most;
            }
            batches.get(batches.size() - 1).add(each);
            room -= needed;
        }
        return batches;
    }
}
