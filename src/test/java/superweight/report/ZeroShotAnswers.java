package superweight.report;

import java.util.Collections;
import java.util.List;
import superweight.measure.Accuracy;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.Continuation;
import superweight.measure.LogLikelihood;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.report.ZeroShotComparison.Task;

/** Answers that a model might have given; the choices are two, so that a guess is right half of the time. */
final class ZeroShotAnswers {
    private static final TaskItem ITEM = new TaskItem.MultipleChoice(
            List.of(new Continuation("a", " b"), new Continuation("a", " c")), 0);

    static final List<String> CONDITIONS = List.of("original", "super weight pruned", "activation restored",
            "top millionth of each matrix", "7,000 largest of the model");

    /** Of the first task's eight items pruning loses six, of the second's, where the model guesses, none. */
    static final ZeroShotComparison COMPARISON = ZeroShotComparison.of(CONDITIONS)
            .with(ZeroShotTask.PIQA, items(8), List.of(
                    of("11111111"), of("11000000"), of("11111100"), of("11111111"), of("01010101")))
            .with(ZeroShotTask.WINOGRANDE, items(8), List.of(
                    of("11110000"), of("11110000"), of("11110000"), of("11110000"), of("00001111")));

    private ZeroShotAnswers() {}

    /** A task of the paper's size: all right, none once pruned, half of them restored. */
    static Task whole(ZeroShotTask task) {
        int half = task.wholeSize() / 2;
        int size = task.wholeSize();
        Accuracy all = of("1".repeat(size));
        return new Task(task, items(size), List.of(
                all, of("0".repeat(size)), of("1".repeat(half) + "0".repeat(size - half)), all, all));
    }

    private static List<TaskItem> items(int count) {
        return Collections.nCopies(count, ITEM);
    }

    /** One word of right (1) and wrong (0) answers; a right one is a nat ahead, a wrong one a nat behind. */
    private static Accuracy of(String answers) {
        return new Accuracy(answers.chars()
                .mapToObj(answer -> new Outcome(
                        List.of(new LogLikelihood(answer == '1' ? -1 : -2, false),
                                new LogLikelihood(answer == '1' ? -2 : -1, false)),
                        answer == '1'))
                .toList());
    }
}
