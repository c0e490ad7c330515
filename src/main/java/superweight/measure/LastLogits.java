package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;

/**
 * Next-token scores at the last positions of many sequences, in bounded memory: only those positions
 * go through the output projection, those of many sequences in one product.
 */
final class LastLogits {
    /** Tokens whose hidden states are held at once while a layer's weights are in use. */
    private static final int BATCH_TOKENS = 32_768;

    private LastLogits() {}

    /**
     * What the model reads, and where its scores are wanted.
     *
     * @param ids the tokens
     * @param positions how many of the last ones; from 1 to the number of tokens
     */
    record Sequence(int[] ids, int positions) {}

    /** Takes the scores in the order of the sequences and, within one, of its positions. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param firstRow how many rows came before these
         * @param logits {@code [rows, vocab]}; valid during the call only
         */
        void read(int firstRow, NDArray logits);
    }

    static void read(
            CausalLM model, List<Sequence> sequences, Condition condition, Progress progress, Reader reader) {
        double tokens = tokens(sequences);
        int row = 0;
        for (int from = 0, to; from < sequences.size(); from = to) {
            to = batchEnd(sequences, from);
            List<Sequence> batch = sequences.subList(from, to);
            Progress part = progress.between(
                    tokens(sequences.subList(0, from)) / tokens, tokens(sequences.subList(0, to)) / tokens);
            row += readBatch(model, batch, condition, part, row, reader);
        }
    }

    /** The sequences from one on that fit together, at least that one. */
    private static int batchEnd(List<Sequence> sequences, int from) {
        int to = from + 1;
        int tokens = sequences.get(from).ids().length;
        while (to < sequences.size() && tokens + sequences.get(to).ids().length <= BATCH_TOKENS) {
            tokens += sequences.get(to).ids().length;
            to++;
        }
        return to;
    }

    private static long tokens(List<Sequence> sequences) {
        return sequences.stream().mapToLong(sequence -> sequence.ids().length).sum();
    }

    /** Returns the number of rows that were read. */
    private static int readBatch(
            CausalLM model, List<Sequence> batch, Condition condition, Progress progress, int firstRow, Reader reader) {
        // Few positions are scored, so the layers take nearly all of the time.
        ActivationReader reporter =
                LayerProgress.of(model, batch.size(), condition.name(), progress.between(0, 0.95));
        try (NDManager scope = model.newScope()) {
            NDArray last = lastRows(
                    model.hiddenStates(
                            scope, batch.stream().map(Sequence::ids).toList(), condition.interventions(), reporter),
                    batch); // [rows, hidden]
            int rows = Math.toIntExact(last.getShape().get(0));
            int rowsAtOnce = LogitRows.atOnce(model);
            for (int from = 0; from < rows; from += rowsAtOnce) {
                int to = Math.min(rows, from + rowsAtOnce);
                try (NDManager block = scope.newSubManager()) {
                    NDArray hidden = last.get(new NDIndex("{}:{}", from, to));
                    hidden.attach(block);
                    reader.read(firstRow + from, model.logits(hidden)); // [to - from, vocab]
                }
                progress.between(0.95, 1).at((double) to / rows, condition.name());
            }
            return rows;
        }
    }

    /** The hidden states of the wanted positions, one below the other: {@code [rows, hidden]}. */
    private static NDArray lastRows(List<NDArray> hidden, List<Sequence> batch) {
        NDList rows = new NDList();
        for (int i = 0; i < batch.size(); i++) {
            Sequence sequence = batch.get(i);
            rows.add(hidden.get(i).get(new NDIndex("{}:", sequence.ids().length - sequence.positions())));
        }
        return NDArrays.concat(rows, 0);
    }
}
