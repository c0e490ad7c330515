package superweight.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import superweight.Progress;

/** Progress with an estimate on stderr: a bar on a terminal, else a line now and then. */
final class TerminalProgress implements Progress, AutoCloseable {
    private static final int STEPS = 1000;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);

    private final Progress shown;
    private final Runnable end;

    private TerminalProgress(Progress shown, Runnable end) {
        this.shown = shown;
        this.end = end;
    }

    static TerminalProgress start(String task) {
        // The launcher knows whether stderr is a terminal; Java 17 cannot tell.
        return Boolean.getBoolean("superweight.terminal") ? bar(task) : lines(task);
    }

    @Override
    public void at(double fraction, String what) {
        shown.at(fraction, what);
    }

    @Override
    public void close() {
        end.run();
    }

    private static TerminalProgress bar(String task) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(STEPS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, 80))
                .clearDisplayOnFinish()
                .build();
        return new TerminalProgress(
                (fraction, what) -> bar.stepTo(Math.round(fraction * STEPS)), bar::close);
    }

    private static TerminalProgress lines(String task) {
        long start = System.nanoTime();
        long[] last = {start};
        return new TerminalProgress(
                (fraction, what) -> {
                    long now = System.nanoTime();
                    if (now - last[0] >= BETWEEN_LINES.toNanos() && fraction > 0) {
                        last[0] = now;
                        double left = (now - start) / 1e9 * (1 - fraction) / fraction;
                        System.err.printf(
                                Locale.ROOT, "%s: %.0f %%, about %.0f s left%n", task, 100 * fraction, left);
                    }
                },
                () -> {});
    }
}
