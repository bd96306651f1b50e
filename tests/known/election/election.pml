/* Chang and Roberts' election on a ring of three, each node speaking to the next: ring[n] is what n has still to read.
 *
 *   (nothing)                           flow election, check chang_roberts
 *   -DPASS_ALL                          flow election, check no_filter
 *
 * spin -o2 -a [above] election.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * One text for all nodes; in our specification each has a machine of its own.
 */

#define ROOM 3
#define N(n) ((n) == 0 -> 2 : ((n) == 1 -> 3 : 1))      /* the numbers of the nodes */

mtype = { quiet, waiting, claiming, following, leading, claim, elect };

mtype state[3];
byte leader[3];                       /* 0: none is known */
chan ring0 = [ROOM] of { mtype, byte };
chan ring1 = [ROOM] of { mtype, byte };
chan ring2 = [ROOM] of { mtype, byte };

byte k;                               /* a temporary, 0 between the steps */
mtype m;
#define DONE k = 0; m = 0

#ifdef PASS_ALL
#define BEATEN(n) (k != N(n))
#else
#define BEATEN(n) (k > N(n))
#endif

/* Room for an answer is asked for only where one is sent: a message that is dropped does not wait. */
#ifdef PASS_ALL
#define PASSES(n,in) (in?[claim,_] && !in?[claim,eval(N(n))])
#else
#define PASSES(n,in) ((N(n) < 2 && in?[claim,2]) || (N(n) < 3 && in?[claim,3]))
#endif
#define HEARD(n,in) (in?[elect,_] && !(in?[elect,eval(N(n))] && (state[n] == leading || state[n] == following)))
#define ANSWERS(n,in) (state[n] == quiet || \
	(in?[claim,_] && (state[n] == waiting || state[n] == claiming) && PASSES(n,in)) || \
	(in?[claim,_] && state[n] == claiming && in?[claim,eval(N(n))]) || HEARD(n,in))

#define NODE(n,in,out) \
	:: d_step { state[n] == quiet && nfull(out) -> out!claim,N(n); state[n] = claiming } \
	:: d_step { nempty(in) && (nfull(out) || !ANSWERS(n,in)) -> in?m,k; \
		if \
		:: m == claim && state[n] == quiet && BEATEN(n) -> out!claim,k; state[n] = waiting \
		:: m == claim && state[n] == quiet && !BEATEN(n) -> out!claim,N(n); state[n] = claiming \
		:: m == claim && (state[n] == waiting || state[n] == claiming) && BEATEN(n) -> out!claim,k \
		:: m == claim && state[n] == claiming && k == N(n) -> out!elect,k; leader[n] = k; state[n] = leading \
		:: m == elect && (state[n] == leading || state[n] == following) && k == N(n) -> skip \
		:: m == elect && !((state[n] == leading || state[n] == following) && k == N(n)) -> \
			out!elect,k; leader[n] = k; state[n] = following \
		:: else \
		fi; DONE }

init {
	d_step { state[0] = quiet; state[1] = quiet; state[2] = quiet };
	do
	NODE(0, ring0, ring1)
	NODE(1, ring1, ring2)
	NODE(2, ring2, ring0)
	od
}
