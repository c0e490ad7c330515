package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.LmHead;
import superweight.model.Sequence;

/**
 * Next-token scores at some positions of many sequences, in bounded memory: only those positions go through the
 * output projection, those of many sequences in one product.
 */
final class LastLogits {
    private LastLogits() {}

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

    /** Takes the scores in the order of the sequences and, within one, of its positions. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param condition index of the condition
         * @param firstRow how many rows of this condition came before these
         * @param logits {@code [rows, vocab]}; valid during the call only
         */
        void read(int condition, int firstRow, NDArray logits);
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
            readTogether(model, wanted, some, part, (condition, row, logits) ->
                    reader.read(before + condition, row, logits));
        }
    }

    private static void readTogether(
            CausalLM model, List<Wanted> wanted, List<Condition> conditions, Progress progress, Reader reader) {
        double tokens = tokens(wanted);
        long read = 0;
        int row = 0;
        for (List<Wanted> batch : Batches.of(model, wanted, each -> each.sequence().tokens(), conditions.size())) {
            long after = read + tokens(batch);
            Progress part = progress.between(read / tokens, after / tokens);
            row += readBatch(model, batch, conditions, part, row, reader);
            read = after;
        }
    }

    private static long tokens(List<Wanted> wanted) {
        return wanted.stream().mapToLong(each -> each.sequence().tokens()).sum();
    }

    /** Returns the number of rows that were read for each condition. */
    private static int readBatch(
            CausalLM model,
            List<Wanted> batch,
            List<Condition> conditions,
            Progress progress,
            int firstRow,
            Reader reader) {
        int rows = batch.stream().mapToInt(each -> each.positions().length).sum();
        try (NDManager scope = model.newScope()) {
            // Few positions are scored, so the layers take nearly all of the time.
            List<NDArray> hidden = model.hiddenStates(
                    scope,
                    batch.stream().map(Wanted::sequence).toList(),
                    Condition.runs(conditions, batch.size()),
                    ActivationReader.NONE,
                    progress.between(0, 0.95));
            LmHead head = model.lmHead(scope);
            int rowsAtOnce = LogitRows.atOnce(model);
            for (int condition = 0; condition < conditions.size(); condition++) {
                int first = condition * batch.size();
                try (NDManager one = scope.newSubManager()) {
                    NDArray last = rows(hidden.subList(first, first + batch.size()), batch, one); // [rows, hidden]
                    for (int from = 0; from < rows; from += rowsAtOnce) {
                        int to = Math.min(rows, from + rowsAtOnce);
                        try (NDManager block = one.newSubManager()) {
                            NDArray some = last.get(new NDIndex("{}:{}", from, to));
                            some.attach(block);
                            reader.read(condition, firstRow + from, head.logits(some)); // [to - from, vocab]
                        }
                    }
                }
                progress.between(0.95, 1).at((condition + 1.0) / conditions.size(), "scores");
            }
        }
        return rows;
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
