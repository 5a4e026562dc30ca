using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public sealed class TargetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TargetTerms Peak = new("Calls per second at peak", Comparator.AtMost, "calls/s", Side.Ours);
    private static readonly Gen<decimal> Figures = Gen.Decimal[-1_000_000m, 1_000_000m];
    private static readonly Gen<TargetTerms> Terms = Gen.Select(Gen.Enum<Comparator>(), Gen.Enum<Side>(), (comparator, side) => new TargetTerms("Some figure", comparator, "ms", side));

    [Fact]
    public void A_mismatch_stands_from_the_moment_in_which_the_second_figure_is_entered()
    {
        var target = About(Peak);
        target.Take(Peak, Side.Ours, 120, null, null, "ana@example.com", Noon);
        Assert.False(target.IsMismatch);
        target.Take(Peak, Side.Partner, 50, null, null, "asa@tunes.example", Noon);
        Assert.True(target.IsMismatch);
        Assert.Equal("We plan 120 calls/s, they accept at most 50 calls/s.", target.Mismatch());

        target.Take(Peak, Side.Ours, 40, null, null, "ana@example.com", Noon);
        Assert.Null(target.Mismatch());
        Assert.Equal("Both figures fit now: ours 40 calls/s, theirs 50 calls/s.", target.Settled());
    }

    [Fact]
    public void An_answer_without_a_figure_leaves_what_another_review_gave()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var target = About(Peak);
        target.Take(Peak, Side.Ours, 120, first, "our-peak", "ana@example.com", Noon);

        Assert.False(target.Take(Peak, Side.Ours, null, second, "peak-at-launch", "li@example.com", Noon));
        Assert.Equal(120, target.Ours!.Value);
        Assert.True(target.Take(Peak, Side.Ours, null, first, "our-peak", "ana@example.com", Noon));
        Assert.Null(target.Ours);
    }

    [Fact]
    public void What_the_partner_has_to_keep_reads_the_other_way_round()
    {
        var slow = Entered(new("p99 of purchases", "at most", "ms", "partner", Ours: 400, Theirs: 500));
        Assert.Equal("They promise 500 ms, we need at most 400 ms.", slow.Mismatch());
        var often = Entered(new("Availability", "≥", "%", "partner", Ours: 99.9m, Theirs: 99.5m));
        Assert.Equal("They promise 99.5 %, we need at least 99.9 %.", often.Mismatch());
    }

    [Fact]
    public void Figures_fit_exactly_when_the_bound_sides_keeps_the_others() => Gen.Select(Terms, Figures, Figures).Sample((terms, ours, theirs) =>
    {
        var (bound, limit) = terms.BoundSide == Side.Ours ? (ours, theirs) : (theirs, ours);
        var keeps = terms.Comparator switch { Comparator.AtMost => bound <= limit, Comparator.AtLeast => bound >= limit, Comparator.Below => bound < limit, Comparator.Above => bound > limit, _ => bound == limit };
        var target = Both(terms, ours, theirs);
        return terms.Fit(ours, theirs) == keeps && target.IsMismatch != keeps && (target.Mismatch() is null) == keeps;
    });

    [Fact]
    public void Which_side_speaks_first_makes_no_difference() => Gen.Select(Terms, Figures, Figures).Sample((terms, ours, theirs) =>
    {
        var other = About(terms);
        other.Take(terms, Side.Partner, theirs, null, null, "asa@tunes.example", Noon);
        other.Take(terms, Side.Ours, ours, null, null, "ana@example.com", Noon);
        var one = Both(terms, ours, theirs);
        return (one.IsMismatch, one.Agreed) == (other.IsMismatch, other.Agreed);
    });

    [Fact]
    public void Without_a_value_or_a_figure_no_target_is_ever_met() => Gen.Select(Terms, Figures, Gen.Bool).Sample((terms, figure, failed) =>
    {
        var nothingSeen = Both(terms, figure, figure);
        if (failed)
        {
            nothingSeen.Change(new(Query: "latency"), "ana@example.com", Noon);
            nothingSeen.See(new(null, Noon, Error: "No series"));
        }

        var nothingAgreed = About(terms);
        nothingAgreed.Prove(figure, null, "log", "ana@example.com", Noon);
        return nothingSeen.StateAt(Noon) == TargetState.NoDataYet && nothingAgreed.StateAt(Noon) == TargetState.NoDataYet;
    });

    [Fact]
    public void A_value_that_was_seen_meets_or_violates_as_the_comparator_says() => Gen.Select(Terms, Figures, Figures).Sample((terms, figure, seen) =>
    {
        var target = Both(terms, figure, figure);
        target.Prove(seen, null, "log", "ana@example.com", Noon);
        return target.StateAt(Noon) == (terms.Keeps(seen, figure) ? TargetState.Met : TargetState.Violated)
            && target.StateAt(Noon, waived: true) == TargetState.Waived
            && target.StateAt(Noon.AddDays(91)) == TargetState.Stale;
    });

    [Fact]
    public void Values_are_compared_with_what_was_agreed_then_with_theirs_then_with_ours()
    {
        var target = Entered(new("Calls", "<=", "calls/s", "ours", Ours: 40));
        Assert.Equal(40, target.Agreed);
        target.Change(new(Theirs: 50), "ana@example.com", Noon);
        Assert.Equal(50, target.Agreed);
        target.Change(new(Agreed: 45, AgreedWith: "Åsa", AgreedOn: "2026-03-01"), "ana@example.com", Noon);
        Assert.Equal((45, "Åsa", new DateOnly(2026, 3, 1)), (target.Agreed, target.AgreedWith, target.AgreedOn));
        Assert.Equal("at most 45 calls/s", target.Promise());
        target.Change(new(Clear: ["agreed", "theirs"]), "ana@example.com", Noon);
        Assert.Equal(40, target.Agreed);
    }

    [Fact]
    public void Figures_in_two_units_never_fit_and_a_foreign_unit_is_not_compared_with_values()
    {
        var target = About(Peak);
        target.Take(Peak, Side.Ours, 40, null, null, "ana@example.com", Noon);
        target.Take(Peak with { Unit = "calls/min" }, Side.Partner, 7200, null, null, "asa@tunes.example", Noon);
        Assert.Equal("We plan 40 calls/s, they accept at most 7,200 calls/min.", target.Mismatch());
        Assert.Equal(40, target.Agreed);
    }

    [Fact]
    public void What_does_not_apply_has_a_reason_no_mismatch_and_a_state_of_its_own()
    {
        var target = Both(Peak, 120, 50);
        target.Change(new(NotApplicable: "We only read their catalogue once a night."), "ana@example.com", Noon);
        Assert.Equal((TargetState.NotApplicable, false), (target.StateAt(Noon, waived: true), target.IsMismatch));
        Assert.Equal("We only read their catalogue once a night.", target.Why(TargetState.NotApplicable));
    }

    [Fact]
    public void A_computed_value_counts_for_minutes_and_one_of_another_expression_not_at_all()
    {
        var target = Entered(new("Calls", "<=", "calls/s", "ours", Theirs: 50, Query: "calls"));
        target.See(new(40, Noon));
        Assert.Equal((TargetState.Met, TargetState.Stale), (target.StateAt(Noon), target.StateAt(Noon.AddMinutes(16))));
        Assert.Throws<RuleBroken>(() => target.Prove(1, null, "log", "ana@example.com", Noon));
        target.Change(new(Query: "other_calls"), "ana@example.com", Noon);
        Assert.Equal(TargetState.NoDataYet, target.StateAt(Noon));
        target.Change(new(Query: ""), "ana@example.com", Noon);
        Assert.Equal("Nobody has proved it.", target.Why(target.StateAt(Noon)));
    }

    [Fact]
    public void Every_field_that_cannot_be_accepted_is_named()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Entered(new(
            "", "about", "ms", "nobody", 100, "soon", AgreedOn: "yesterday", Query: "rate(calls[5m]", StaleAfterDays: 0, Clear: ["everything"])));
        Assert.Equal(
            ["agreedOn", "boundSide", "clear", "comparator", "percentile", "query", "staleAfterDays", "subject", "window"], refused.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["query"], Assert.Throws<FieldsRefused>(() => Entered(new("Calls", Query: "calls[5m]"))).Errors.Keys);
        Assert.Equal(["evidence", "value"], Assert.Throws<FieldsRefused>(() => Entered(new("Calls")).Prove(null, null, "", "ana@example.com", Noon)).Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["at"], Assert.Throws<FieldsRefused>(() => Entered(new("Calls")).Prove(1, Noon.AddHours(1), "log", "ana@example.com", Noon)).Errors.Keys);
    }

    [Fact]
    public void Keys_are_made_of_the_subject_and_told_apart()
    {
        Assert.Equal("calls-per-second", Target.Enter(Guid.Empty, Guid.Empty, new("Calls per second"), [], "a", Noon).Key);
        Assert.Equal("calls-per-second-2", Target.Enter(Guid.Empty, Guid.Empty, new("Calls, per second!"), ["calls-per-second"], "a", Noon).Key);
        Assert.Throws<AlreadyTaken>(() => Target.Enter(Guid.Empty, Guid.Empty, new("Calls", Key: "calls"), ["calls"], "a", Noon));
    }

    [Fact]
    public void An_answer_that_says_the_same_again_changes_nothing()
    {
        var (target, review) = (About(Peak), Guid.NewGuid());
        Assert.True(target.Take(Peak, Side.Ours, 120, review, "peak", "ana@example.com", Noon));
        var version = target.Version;
        Assert.False(target.Take(Peak, Side.Ours, 120, review, "peak", "li@example.com", Noon.AddDays(1)));
        Assert.Equal((version, "ana@example.com"), (target.Version, target.Ours!.By));
        Assert.True(target.Take(Peak, Side.Ours, null, review, "peak", "li@example.com", Noon));
        Assert.Null(target.Ours);
    }

    private static Target About(TargetTerms terms) => Target.About(Guid.NewGuid(), Guid.NewGuid(), terms, [], Noon);

    private static Target Entered(TargetDraft draft) => Target.Enter(Guid.NewGuid(), Guid.NewGuid(), draft, [], "ana@example.com", Noon);

    private static Target Both(TargetTerms terms, decimal ours, decimal theirs)
    {
        var target = About(terms);
        target.Take(terms, Side.Ours, ours, null, null, "ana@example.com", Noon);
        target.Take(terms, Side.Partner, theirs, null, null, "asa@tunes.example", Noon);
        return target;
    }
}
