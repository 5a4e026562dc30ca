namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>What stands behind an operand: ranges, subqueries, <c>offset</c> and <c>@</c>.</summary>
internal sealed partial class ExpressionParser
{
    private Expression ReadShifted()
    {
        var expression = ReadOperand();
        while (true)
        {
            if (_tokens.Next.Is("["))
                expression = ReadRange(expression);
            else if (_tokens.Next.Is("@"))
                expression = ReadAt(expression);
            else if (_tokens.Next.IsWord("offset"))
                expression = ReadOffset(expression);
            else
                return expression;
        }
    }

    private Expression ReadRange(Expression inner)
    {
        var at = _tokens.Take().Position;
        var range = _tokens.Duration("subquery selector");
        if (!_tokens.TakeIf(":"))
        {
            _tokens.Expect("]", "subquery or range");
            return inner switch
            {
                SelectorExpression { Shift.Offset: not 0 } => throw new ExpressionRefused("no offset modifiers allowed before range", at),
                SelectorExpression { Shift.IsFixed: true } => throw new ExpressionRefused("no @ modifiers allowed before range", at),
                SelectorExpression selector => new RangeExpression(selector, range) { Position = inner.Position },
                _ => throw new ExpressionRefused("ranges only allowed for vector selectors", at),
            };
        }
        TimeSpan? step = _tokens.Next.Is("]") ? null : _tokens.Duration("subquery selector");
        _tokens.Expect("]", "subquery selector");
        var subquery = new SubqueryExpression(inner, range, step) { Position = inner.Position };
        TypeChecks.Check(subquery);
        return subquery;
    }

    private Expression ReadOffset(Expression inner)
    {
        var at = _tokens.Take().Position;
        var negative = Sign();
        var length = (long)_tokens.Duration("offset").TotalMilliseconds;
        return Shifted(inner, "offset", at, shift => shift.Offset == 0
            ? shift with { Offset = negative ? -length : length }
            : throw new ExpressionRefused("offset may not be set multiple times", at));
    }

    private Expression ReadAt(Expression inner)
    {
        var at = _tokens.Take().Position;
        var shift = ReadInstant(at);
        return Shifted(inner, "@", at, before => before.IsFixed
            ? throw new ExpressionRefused("@ <timestamp> may not be set multiple times", at)
            : shift with { Offset = before.Offset });
    }

    private TimeShift ReadInstant(int at)
    {
        if (_tokens.Next.IsWord("start") || _tokens.Next.IsWord("end"))
        {
            var edge = _tokens.Take().IsWord("start") ? TimeEdge.Start : TimeEdge.End;
            _tokens.Expect("(", "@");
            _tokens.Expect(")", "@");
            return new TimeShift(Edge: edge);
        }
        var negative = Sign();
        if (_tokens.Next.Kind != TokenKind.Number)
            throw _tokens.Unexpected("@", "expected timestamp");
        var seconds = _tokens.Number() * (negative ? -1 : 1);
        // The same bounds as Prometheus: what fits milliseconds in 64 bits.
        if (!(Math.Abs(seconds) < long.MaxValue / 1000d))
            throw new ExpressionRefused($"timestamp out of bounds for @ modifier: {ExpressionText.Number(seconds)}", at);
        return new TimeShift(At: (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero));
    }

    /// <summary>Reads a sign, if there is one; whether it is minus.</summary>
    private bool Sign()
    {
        var negative = _tokens.TakeIf("-");
        if (!negative)
            _tokens.TakeIf("+");
        return negative;
    }

    private static Expression Shifted(Expression inner, string word, int at, Func<TimeShift, TimeShift> shift) => inner switch
    {
        SelectorExpression selector => selector with { Shift = shift(selector.Shift) },
        RangeExpression range => range with { Inner = range.Inner with { Shift = shift(range.Inner.Shift) } },
        SubqueryExpression subquery => subquery with { Shift = shift(subquery.Shift) },
        _ => throw new ExpressionRefused($"{word} modifier must be preceded by an instant vector selector or range vector selector or a subquery", at),
    };
}
