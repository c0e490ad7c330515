package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.Sequence;

/** Final hidden states at some positions of some sequences: what next-token scores are made of. */
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

    /**
     * Reads all sequences under each condition.
     *
     * @param scope owns the result
     * @return for each condition the states, normed, in the order of the sequences and, within one, of its positions:
     *     {@code [rows, hidden]}
     */
    static List<NDArray> read(
            NDManager scope, CausalLM model, List<Wanted> wanted, List<Condition> conditions, Progress progress) {
        List<NDArray> hidden = model.hiddenStates(
                scope,
                wanted.stream().map(Wanted::sequence).toList(),
                Condition.runs(conditions, wanted.size()),
                ActivationReader.NONE,
                progress);
        return IntStream.range(0, conditions.size())
                .mapToObj(condition -> condition * wanted.size())
                .map(first -> rows(hidden.subList(first, first + wanted.size()), wanted, scope))
                .toList();
    }

    /** The hidden states at the wanted positions, one below the other: {@code [rows, hidden]}, in {@code scope}. */
    private static NDArray rows(List<NDArray> hidden, List<Wanted> wanted, NDManager scope) {
        NDList rows = new NDList();
        for (int i = 0; i < wanted.size(); i++) {
            NDArray positions = scope.create(wanted.get(i).positions()).toType(DataType.INT64, false);
            NDArray states = hidden.get(i).get(positions);
            states.attach(scope);
            rows.add(states);
        }
        return NDArrays.concat(rows, 0);
    }
}
