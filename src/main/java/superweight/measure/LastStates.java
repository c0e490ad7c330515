package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.Sequence;

/** Final hidden states at some positions of many sequences, in bounded memory: what next-token scores are made of. */
final class LastStates {
    private LastStates() {}

    /**
     * What the model reads, and where its scores are wanted.
     *
     * @param sequence the tokens
     * @param positions indices of tokens after which scores are wanted; at least one
     */
    record Wanted(Sequence sequence, int[] positions) {
        /** The last position of a text. */
        static Wanted afterLast(int[] ids) {
            return new Wanted(Sequence.of(ids), new int[] {ids.length - 1});
        }
    }

    /** Takes the states in the order of the sequences and, within one, of its positions. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param firstCondition index of the first of these conditions
         * @param firstRow how many rows of each condition came before these
         * @param states normed, {@code [rows, hidden]} for each condition; valid during the call only
         */
        void read(int firstCondition, int firstRow, List<NDArray> states);
    }

    static void read(
            CausalLM model, List<Wanted> wanted, List<Condition> conditions, Progress progress, Reader reader) {
        int longest = wanted.stream().mapToInt(each -> each.sequence().tokens()).max().orElse(0);
        int first = 0;
        for (List<Condition> some : Batches.ofConditions(model, conditions, longest)) {
            int before = first;
            first += some.size();
            Progress part = progress.between(
                    (double) before / conditions.size(), (double) first / conditions.size());
            readTogether(model, wanted, some, part, (condition, row, states) ->
                    reader.read(before + condition, row, states));
        }
    }

    private static void readTogether(
            CausalLM model, List<Wanted> wanted, List<Condition> conditions, Progress progress, Reader reader) {
        double tokens = tokens(wanted);
        long read = 0;
        int row = 0;
        for (List<Wanted> batch : Batches.of(model, wanted, each -> each.sequence().tokens(), conditions.size())) {
            long after = read + tokens(batch);
            readBatch(model, batch, conditions, progress.between(read / tokens, after / tokens), row, reader);
            row += batch.stream().mapToInt(each -> each.positions().length).sum();
            read = after;
        }
    }

    private static long tokens(List<Wanted> wanted) {
        return wanted.stream().mapToLong(each -> each.sequence().tokens()).sum();
    }

    private static void readBatch(
            CausalLM model,
            List<Wanted> batch,
            List<Condition> conditions,
            Progress progress,
            int firstRow,
            Reader reader) {
        try (NDManager scope = model.newScope()) {
            List<NDArray> hidden = model.hiddenStates(
                    scope,
                    batch.stream().map(Wanted::sequence).toList(),
                    Condition.runs(conditions, batch.size()),
                    ActivationReader.NONE,
                    progress);
            List<NDArray> states = new ArrayList<>();
            for (int condition = 0; condition < conditions.size(); condition++) {
                int first = condition * batch.size();
                states.add(rows(hidden.subList(first, first + batch.size()), batch, scope)); // [rows, hidden]
            }
            reader.read(0, firstRow, states);
        }
    }

    /** The hidden states at the wanted positions, one below the other: {@code [rows, hidden]}, in {@code scope}. */
    private static NDArray rows(List<NDArray> hidden, List<Wanted> batch, NDManager scope) {
        NDList rows = new NDList();
        for (int i = 0; i < batch.size(); i++) {
            NDArray positions = scope.create(batch.get(i).positions()).toType(DataType.INT64, false);
            NDArray states = hidden.get(i).get(positions);
            states.attach(scope);
            rows.add(states);
        }
        return NDArrays.concat(rows, 0);
    }
}
