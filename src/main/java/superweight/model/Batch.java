package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import superweight.model.HookPoint.Site;

/**
 * Sequences that go through a layer together, their tokens one below the other: weights are multiplied by all rows
 * at once, attention looks at each sequence by itself.
 *
 * @param parts the sequences, in the order of their rows
 * @param angles of each row's position
 * @param reader is shown every activation
 */
record Batch(List<Part> parts, Rotary angles, ActivationReader reader) {
    /**
     * The rows of one sequence.
     *
     * @param from its first row
     * @param to the row after its last
     * @param mask who sees whom, {@code [T, T]}; empty where each token sees all before it
     * @param runs indices of the runs that it is the same for
     */
    record Part(int from, int to, Optional<NDArray> mask, List<Integer> runs) {
        /** Its rows of the whole batch's, a view in the same manager. */
        NDArray of(NDArray rows) {
            return rows.get(new NDIndex("{}:{}", from, to));
        }

        /** The same of heads: {@code [heads, rows, headDim]} to {@code [heads, T, headDim]}. */
        NDArray ofHeads(NDArray heads) {
            return heads.get(new NDIndex(":, {}:{}", from, to));
        }
    }

    /** Attention of each sequence among its own tokens: {@code [heads, rows, headDim]} to the same. */
    NDArray attend(Kernels kernels, NDArray q, NDArray k, NDArray v) {
        if (parts.size() == 1) {
            return attend(kernels, q, k, v, parts.get(0).mask());
        }
        NDList attended = new NDList();
        for (Part part : parts) {
            attended.add(attend(kernels, part.ofHeads(q), part.ofHeads(k), part.ofHeads(v), part.mask()));
        }
        return NDArrays.concat(attended, 1);
    }

    private static NDArray attend(Kernels kernels, NDArray q, NDArray k, NDArray v, Optional<NDArray> mask) {
        return mask.isPresent() ? kernels.attention(q, k, v, mask.get()) : kernels.attention(q, k, v);
    }

    /** A function of each sequence's rows by themselves. */
    NDArray map(NDArray rows, UnaryOperator<NDArray> function) {
        if (parts.size() == 1) {
            return function.apply(rows);
        }
        NDList mapped = new NDList();
        parts.forEach(part -> mapped.add(function.apply(part.of(rows))));
        return NDArrays.concat(mapped, 0);
    }

    /** A function of each sequence's rows of two arrays by themselves. */
    NDArray map(NDArray x, NDArray y, BinaryOperator<NDArray> function) {
        if (parts.size() == 1) {
            return function.apply(x, y);
        }
        NDList mapped = new NDList();
        parts.forEach(part -> mapped.add(function.apply(part.of(x), part.of(y))));
        return NDArrays.concat(mapped, 0);
    }

    /** Shows an activation to the reader, sequence by sequence, and gives it back. */
    NDArray show(int layer, Site site, NDArray activation) {
        if (reader.reads(site)) {
            HookPoint point = new HookPoint(layer, site);
            for (Part part : parts) {
                NDArray rows = part.of(activation);
                part.runs().forEach(run -> reader.read(run, point, rows));
            }
        }
        return activation;
    }

    /**
     * Shows to a reader that asks for it who attends to whom, sequence by sequence. It is made by plain operations from
     * what the kernels attend with, since the fused ones do not tell it.
     *
     * @param q {@code [heads, rows, headDim]}
     * @param k {@code [kvHeads, rows, headDim]}
     */
    void showPattern(int layer, NDArray q, NDArray k) {
        if (reader.reads(Site.PATTERN)) {
            HookPoint point = new HookPoint(layer, Site.PATTERN);
            for (Part part : parts) {
                NDArray pattern = NdArrayKernels.pattern(part.ofHeads(q), part.ofHeads(k), part.mask());
                part.runs().forEach(run -> reader.read(run, point, pattern));
            }
        }
    }

    /**
     * Some of the sequences, one below the other.
     *
     * @param chosen indices of parts; a sequence may be chosen more than once
     * @param runs indices of the runs that each of the chosen is for
     */
    Batch only(List<Integer> chosen, IntFunction<List<Integer>> runs) {
        List<Part> some = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < chosen.size(); i++) {
            Part part = parts.get(chosen.get(i));
            int to = from + part.to - part.from;
            some.add(new Part(from, to, part.mask, runs.apply(i)));
            from = to;
        }
        return new Batch(some, angles, reader);
    }

    /** The rows of some of the sequences; the array itself where these are all, in their order. */
    NDArray rows(NDArray rows, List<Integer> chosen) {
        if (chosen.equals(IntStream.range(0, parts.size()).boxed().toList())) {
            return rows;
        }
        NDList some = new NDList();
        chosen.forEach(i -> some.add(parts.get(i).of(rows)));
        return NDArrays.concat(some, 0);
    }
}
