package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.LmHead;

/**
 * Next-token scores at some positions of some sequences: only those positions go through the output projection, those
 * of many sequences in one product.
 */
final class LastLogits {
    private LastLogits() {}

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
            CausalLM model,
            List<LastStates.Wanted> wanted,
            List<Condition> conditions,
            Progress progress,
            Reader reader) {
        try (NDManager scope = model.newScope()) {
            List<NDArray> states = LastStates.read(scope, model, wanted, conditions, progress);
            LmHead head = model.lmHead(scope);
            for (int i = 0; i < states.size(); i++) {
                int condition = i;
                inBlocks(model, head, states.get(i), (row, logits) -> reader.read(condition, row, logits));
            }
        }
    }

    /** Takes scores block by block. */
    @FunctionalInterface
    interface BlockReader {
        /**
         * @param firstRow index of the first of these rows
         * @param logits {@code [rows, vocab]}; valid during the call only
         */
        void read(int firstRow, NDArray logits);
    }

    /** Takes some rows of hidden states, {@code [rows, hidden]}, through the output projection, few at a time. */
    static void inBlocks(CausalLM model, LmHead head, NDArray states, BlockReader reader) {
        int rows = Math.toIntExact(states.getShape().get(0));
        int rowsAtOnce = LogitRows.atOnce(model);
        for (int from = 0; from < rows; from += rowsAtOnce) {
            try (NDManager block = states.getManager().newSubManager()) {
                NDArray some = states.get(new NDIndex("{}:{}", from, Math.min(rows, from + rowsAtOnce)));
                some.attach(block);
                reader.read(from, head.logits(some)); // [rows, vocab]
            }
        }
    }
}
