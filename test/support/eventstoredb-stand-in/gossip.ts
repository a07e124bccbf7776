import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';

/** A node as the others know it. */
export interface Member {
  readonly port: number;
  readonly leads: boolean;
  readonly alive: boolean;
}

/** Asked by a client that was given several hosts: who leads? */
export function gossipHandler(members: () => readonly Member[]): handleUnaryCall<Empty, ClusterInfo> {
  const { FOLLOWER, LEADER } = gossipPb.MemberInfo.VNodeState;
  return (_call, answer) => {
    const told = members().map(({ port, leads, alive }) =>
      new gossipPb.MemberInfo()
        .setInstanceId(new sharedPb.UUID().setString(crypto.randomUUID()))
        .setTimeStamp(Date.now().toString())
        .setState(leads ? LEADER : FOLLOWER)
        .setIsAlive(alive)
        .setHttpEndPoint(new gossipPb.EndPoint().setAddress('127.0.0.1').setPort(port)),
    );
    answer(null, new gossipPb.ClusterInfo().setMembersList(told));
  };
}
