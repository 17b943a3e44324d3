-- ---- apportionment: whole seats in proportion to weights

CREATE FUNCTION outbreak.apportion(seats bigint, weights bigint[], method text DEFAULT 'hamilton', floors bigint[] DEFAULT NULL, caps bigint[] DEFAULT NULL)
RETURNS bigint[]
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_apportion_array';
COMMENT ON FUNCTION outbreak.apportion(bigint, bigint[], text, bigint[], bigint[]) IS
'配分 / apportionment: divides seats (boxes, doses, teams) in whole numbers in proportion to weights (population, requests), and returns one number for each weight. They always add up to the seats; where that cannot be, it is an error with SQLSTATE OB030, whose DETAIL says why.
Methods:
hamilton (最大剰余方式): each gets its quota, seats * weight / sum of weights, rounded down; what is left goes to the largest remainders. Nobody is a whole seat away from the quota, but a seat more in all can cost somebody one (Alabama paradox).
webster (サン゠ラグ), dhondt (ドント, Jefferson), adams, huntington_hill, dean: seats go one by one to the highest weight / d(s), where s is what the unit has: d(s) = s + 1/2, s + 1, s, sqrt(s(s + 1)), s(s + 1)/(s + 1/2). A seat more in all never costs anybody one. dhondt favours large weights, adams small ones, webster neither; with adams, huntington_hill and dean every weight above 0 gets one before any gets two, and if there are too few seats for that, the largest weights get one.
floors and caps bound what each gets (NULL: from 0, without end). Divisor methods give out seats by priority between them. hamilton fixes units whose quota lies beyond their bound at it, takes the quotas of the others from what is left, repeats that until none lies beyond, and then rounds.
Equal claims to the last seats are settled by position: earlier first. A weight of 0 gets its floor. Everything is computed in integers, exact for all numbers of type bigint; the time does not depend on the seats.
A NULL among weights, floors or caps is an error, because what is not known is not 0.
SELECT outbreak.apportion(473, ARRAY[114000, 52000, 76000, 16000]) gives {209,96,139,29}.
To divide by groups: SELECT prefecture, u.* FROM (SELECT prefecture, array_agg(municipality ORDER BY municipality) AS m, outbreak.apportion(max(boxes), array_agg(population ORDER BY municipality)) AS b FROM t GROUP BY prefecture) AS g, unnest(m, b) AS u (municipality, boxes); or simpler by the window function of the same name.';

CREATE FUNCTION outbreak.apportion(seats bigint, weight bigint, method text)
RETURNS bigint
LANGUAGE c WINDOW IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_apportion_window';
COMMENT ON FUNCTION outbreak.apportion(bigint, bigint, text) IS
'配分 / apportionment as a window function: what each row of the partition gets of the seats, in proportion to its weight. Methods and errors are those of outbreak.apportion over arrays.
Seats and method must be the same in all rows of a partition. Equal claims to the last seats are settled by the ORDER BY of the window, so give one that leaves no ties. The frame plays no part: all rows of the partition share the seats.
SELECT municipality, outbreak.apportion(boxes, population, ''webster'') OVER (PARTITION BY prefecture ORDER BY municipality) FROM t.';

CREATE FUNCTION outbreak.apportion(seats bigint, weight bigint, method text, floor bigint, cap bigint)
RETURNS bigint
LANGUAGE c WINDOW IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_apportion_window';
COMMENT ON FUNCTION outbreak.apportion(bigint, bigint, text, bigint, bigint) IS
'The window function with what each row gets at least and at most. A row without a bound has floor 0, and the seats as its cap.';

-- ---- claims: a shortage shared out

CREATE FUNCTION outbreak.share(estate bigint, claims bigint[], rule text, weights bigint[] DEFAULT NULL)
RETURNS bigint[]
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_share_array';
COMMENT ON FUNCTION outbreak.share(bigint, bigint[], text, bigint[]) IS
'不足時の配分 / shares an estate out to claims (requested quantities) that it does not cover, in whole units; nobody gets more than the claim. The awards add up to the estate or to the claims, whichever is less: an estate that covers the claims gives everybody the claim, and the rest of it is not given out.
Rules:
proportional (請求比例): in proportion to the claims.
constrained_equal_awards (均等配分): everybody gets the same t, but no more than the claim (max-min fairness); with weights, weight * t.
constrained_equal_losses (均等不足): everybody lacks the same t, but no more than the claim; with weights, weight * t, so that here a larger weight bears the larger loss.
talmud: up to half of the sum of the claims equal awards of the half claims, above it equal losses of them.
The exact awards are rounded down; what is left goes to the largest remainders, and of equal ones to the earlier. Weights are above 0 and belong to the two rules of the middle. The claims together must be within bigint.
SELECT outbreak.share(200, ARRAY[100, 200, 300], ''talmud'') gives {50,75,75}.
By groups: as shown for outbreak.apportion, with array_agg and unnest, or by the window function of the same name.';

CREATE FUNCTION outbreak.share(estate bigint, claim bigint, rule text)
RETURNS bigint
LANGUAGE c WINDOW IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_share_window';
COMMENT ON FUNCTION outbreak.share(bigint, bigint, text) IS
'不足時の配分 as a window function: what each row of the partition gets of the estate for its claim. Rules and errors are those of outbreak.share over arrays; estate and rule must be the same in all rows of a partition, and equal remainders are settled by the ORDER BY of the window.
SELECT site, outbreak.share(boxes, requested, ''constrained_equal_awards'') OVER (PARTITION BY municipality ORDER BY site) FROM t.';

CREATE FUNCTION outbreak.share(estate bigint, claim bigint, rule text, weight bigint)
RETURNS bigint
LANGUAGE c WINDOW IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_allocation_share_window';
COMMENT ON FUNCTION outbreak.share(bigint, bigint, text, bigint) IS
'The window function with a weight for each row.';
