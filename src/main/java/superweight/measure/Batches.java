package superweight.measure;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import superweight.Progress;
import superweight.model.CausalLM;

/**
 * Sequences through the layers under several conditions, batch by batch: as many at once as their hidden states fit a
 * memory bound. A batch is also what a {@link Progress} keeps at once.
 */
final class Batches {
    private static final long MIB = 1 << 20;

    private Batches() {}

    /** Measures one batch. */
    @FunctionalInterface
    interface Measurement<S, R> {
        /** @return one result for each sequence under each condition, condition by condition */
        List<R> of(List<S> sequences, List<Condition> conditions, Progress progress);
    }

    /** All that the results of one batch depend on. */
    private record Step(CausalLM.Identity model, List<?> sequences, List<Condition> conditions) {}

    /**
     * What may be filled by hidden states. With weights in memory little is needed to be fast; where each batch reads
     * all of them from disk, more is worth its price, as long as a batch of a large model takes minutes only.
     */
    private static long bound(CausalLM model) {
        return switch (model.residence()) {
            case MEMORY -> 128 * MIB;
            case DISK -> 256 * MIB;
        };
    }

    /**
     * Measures all sequences under each condition.
     *
     * @param sequences what is read, each with all else that its result depends on, as data
     * @param tokens how many a sequence has
     * @param type of the results
     * @return for each condition, in their order, one result a sequence
     */
    static <S, R extends Record> List<List<R>> measureAll(
            CausalLM model,
            List<S> sequences,
            ToIntFunction<S> tokens,
            List<Condition> conditions,
            Class<R> type,
            Progress progress,
            Measurement<S, R> measurement) {
        List<List<R>> results = new ArrayList<>();
        double all = (double) conditions.size() * sum(sequences, tokens);
        double done = 0;
        int longest = sequences.stream().mapToInt(tokens).max().orElse(0);
        for (List<Condition> some : ofConditions(model, conditions, longest)) {
            List<List<R>> group = Stream.generate(() -> (List<R>) new ArrayList<R>()).limit(some.size()).toList();
            for (List<S> batch : of(model, sequences, tokens, some.size())) {
                double before = done;
                done += (double) some.size() * sum(batch, tokens);
                Progress part = progress.between(before / all, done / all);
                Iterator<R> measured = part.step(new Step(model.identity(), batch, some), type,
                        () -> measurement.of(batch, some, part)).iterator();
                for (List<R> condition : group) {
                    batch.forEach(sequence -> condition.add(measured.next()));
                }
                part.at(1, "measured"); // by an interrupted run, it may be
            }
            results.addAll(group);
        }
        return results;
    }

    private static <S> long sum(List<S> sequences, ToIntFunction<S> tokens) {
        return sequences.stream().mapToLong(tokens::applyAsInt).sum();
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
     * <p>One that maps weights is by itself: its matrices are made anew for every batch of sequences, so it pays to
     * take many of these at once.
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
